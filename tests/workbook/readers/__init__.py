"""What readers who had only the exercise files got wrong: a text file for each exercise.

Each answer is below the cause that is to be named; of several functions only the wrong one is there.
"""

from pathlib import Path

from numpygan.workbook.text_files import sections

ANSWERS = [
    (path.stem.partition("_")[2], code, cause)
    for path in sorted(Path(__file__).parent.glob("*.txt"))
    for cause, code in sections(path.read_text(encoding="utf-8"))
]
