"""Limited Markdown: what it draws, and that no text of ours or of anybody becomes HTML."""

import re

import pytest

from gateway.markdown import render_markdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\n\nb", "<p>a</p><p>b</p>"),
        ("a\nb", "<p>a<br>b</p>"),
        ("**gras**", "<p><strong>gras</strong></p>"),
        ("- un\n- deux", "<ul><li>un</li><li>deux</li></ul>"),
        ("1. un\n2. deux", "<ol><li>un</li><li>deux</li></ol>"),
        ("[a](https://x.fr/)", '<p><a href="https://x.fr/">a</a></p>'),
        ("[a](tel:3114)", '<p><a href="tel:3114">a</a></p>'),
        ("[a](mailto:a@b.fr)", '<p><a href="mailto:a@b.fr">a</a></p>'),
        ("# titre", "<p># titre</p>"),
        ("| a | b |", "<p>| a | b |</p>"),
        ("`code`", "<p>`code`</p>"),
        ("", ""),
    ],
)
def test_it_draws(text: str, html: str) -> None:
    assert render_markdown(text).replace("\n", "") == html


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,a)",
        "[x](//evil.example)",
        "[x](/relatif)",
        '[x](https://a.fr/"onmouseover="alert)',
        "![x](https://a.fr/i.png)",
        "<https://a.fr>",
        "&lt;b&gt;",
        "[x]( javascript:alert(1) )",
        "[x](java&#115;cript:alert)",
    ],
)
def test_no_hostile_text_becomes_an_element(text: str) -> None:
    html = str(render_markdown(text))
    assert set(re.findall(r"<(\w+)", html)) <= {"p", "a"}
    for tag in re.findall(r"<a [^>]*>", html):
        assert re.fullmatch(r'<a href="https://a\.fr/[^"]*">', tag), tag
