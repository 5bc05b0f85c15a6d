"""The limits in SECURITY.md are those of the package, and no larger than the package needs."""

import re

from numpygan import limits
from tests.pages import pages


def test_security_lists_every_limit_with_its_value():
    text = (pages.ROOT / "SECURITY.md").read_text(encoding="utf-8")
    listed = {
        name: int(value.replace(",", ""))
        for name, value in re.findall(r"^\| `(\w+)` \| ([\d,]+) \|", text, re.M)
    }
    assert listed == {name: value for name, value in vars(limits).items() if name.isupper()}
