"""French typography of templates: between tags only."""

import jinja2
import pytest

from gateway.typography import Typography

ENVIRONMENT = jinja2.Environment(extensions=[Typography], autoescape=True)


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        pytest.param("<p>Pourquoi ?</p>", "<p>Pourquoi\u202f?</p>", id="text"),
        pytest.param("<p>{{ 'Qui' }} ?</p>", "<p>Qui\u202f?</p>", id="after-a-value"),
        pytest.param('<a title="Qui ?">« a »</a>', '<a title="Qui ?">«\u202fa\u202f»</a>', id="not-in-a-tag"),
        pytest.param('<a href="{{ 1 }}" title="Qui ?">x</a>', '<a href="1" title="Qui ?">x</a>', id="tag-with-a-value"),
        pytest.param("<p>a &amp; b ;</p>", "<p>a &amp; b\u202f;</p>", id="entity"),
        pytest.param("{% if 1 %}Oui !{% endif %}", "Oui\u202f!", id="block"),
        pytest.param("{{ 'Qui ?' }}", "Qui ?", id="value-left-alone"),
    ],
)
def test_it_is_set_where_people_read(template: str, shown: str) -> None:
    assert ENVIRONMENT.from_string(template).render() == shown
