"""Hooks and the platform's link in a hall file: what cannot work is refused, what means nothing is told."""

from collections.abc import Callable

import pytest

from config.findings import Severity
from config.loader import Examined


def told(examined: Examined) -> list[tuple[Severity, str]]:
    """The findings as (severity, problem) in English."""
    return [(finding.severity, finding.problem.say("en")) for finding in examined.findings]


@pytest.mark.parametrize(
    ("more", "severity", "problem"),
    [
        ("hooks:\n  - { id: sms, url: 'http://:80/x', events: [called] }", Severity.ERROR, "not an address"),
        ("hooks:\n  - { id: sms, url: 'http://a:99999/x', events: [called] }", Severity.ERROR, "not an address"),
        ("hooks:\n  - { id: sms, url: 'http://me:pw@a/x', events: [called] }", Severity.ERROR, "a password"),
        ("platform: { kind: http, url: 'https://x:y@gw/p' }", Severity.ERROR, "a password"),
        ("platform: { kind: hand, url: 'https://gw/p' }", Severity.WARNING, "'url' means nothing"),
        ("platform: { kind: http, url: 'https://gw/p', folder: x }", Severity.WARNING, "'folder' means nothing"),
        (
            "hooks:\n  - { id: a, url: 'http://gw/x', events: [bad_rating] }\n"
            "  - { id: b, url: 'http://gw/x', events: [bad_rating, step_overdue] }",
            Severity.WARNING,
            "'a' tells bad_rating to the same address already",
        ),
        ("hooks:\n  - { id: a, url: 'http://gw/x', events: [called] }", Severity.WARNING, "carry no link"),
    ],
)
def test_what_does_not_work_is_told(
    more: str, severity: Severity, problem: str, small: str, examine_text: Callable[[str], Examined]
) -> None:
    """Wrong addresses and passwords are errors; keys that mean nothing and messages told twice are warnings."""
    found = told(examine_text(f"{small}\n{more}\n"))

    assert any(each == severity and problem in words for each, words in found), found


def test_a_hall_with_hooks_and_gateway_is_good(small: str, examine_text: Callable[[str], Examined]) -> None:
    """Private addresses are fine: a hall's network is closed. With a public address nothing is missing."""
    text = small + (
        "public_url: https://hall.example.cn\n"
        "hooks:\n  - { id: sms, url: 'http://10.0.0.9:8080/x', events: [called, nearly] }\n"
        "  - { id: desk, url: 'http://10.0.0.9:8080/x', events: [bad_rating] }\n"
        "platform: { kind: http, url: 'http://192.168.1.5/gw', token_env: PLATFORM_TOKEN }\n"
    )

    before = told(examine_text(small))
    assert told(examine_text(text)) == before
