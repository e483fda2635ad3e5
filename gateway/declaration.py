"""What the accessibility statement says was tested; the browser tests take their list from here."""

ESTABLISHED_ON = "2026-11-25"
# axe-core's version is compared with the one the tests run.
AXE_VERSION = "4.12.1"
AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4")
# Address → what it is called in the statement. Each one is tested in light and in dark, with every tag above.
TESTED_PAGES = {
    "/assistant": "l’assistant",
    "/": "la page de démonstration",
    "/a-propos": "« à propos »",
    "/confidentialite": "la page sur la confidentialité",
    "/accessibilite": "cette page",
}
