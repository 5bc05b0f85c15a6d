"""The exercises of the book without their solutions, as Markdown to hand out.

Run `python docs/exercises.py 1-gradients/04` for the pages whose path contains this, or
without it for all.
"""

import re
import sys
from pathlib import Path

BOOK = Path(__file__).resolve().parent / "book"


def exercise_sheet(text):
    """Return the title and the exercises of a page, without solutions and links to other pages."""
    title = text.partition("\n")[0]
    exercises = text.partition("\n## Exercises\n")[2]
    questions = re.sub(r"<details>.*?</details>\n\n?", "", exercises, flags=re.DOTALL)
    questions = re.findall(
        r"^\*\*Exercise .+?(?=^\*\*Exercise |^In the code:|^\*Source|^## |\Z)", questions, re.M | re.S
    )
    return title + "\n\n" + re.sub(r"\[(.+?)\]\([^)]+\)", r"\1", "".join(questions)).rstrip() + "\n"


def main():
    """Print the sheets of the pages named."""
    wanted = sys.argv[1:] or [""]
    for page in sorted(BOOK.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        name = page.relative_to(BOOK).as_posix()
        if "\n## Exercises\n" in text and ".ko." not in name and any(part in name for part in wanted):
            print(exercise_sheet(text))


if __name__ == "__main__":
    main()
