"""Korean pages of the book: page.ko.md has the words, page.md everything else.

    python docs/korean.py                           what is wrong, page by page
    python docs/korean.py --draft 1-gradients/04    write a page.ko.md to translate, where there is none
    python docs/korean.py --accept 1-gradients/04   note that the page follows the English one as it is now

Code, output and equations are not copied. Where one belongs, the Korean page has a line such as

    [코드](04-the-dense-layer.md)

which leads to the English page on a code host, and for which the site puts the block itself. Every
other paragraph is translated one to one. docs/korean.json holds a check sum of each English paragraph
as it was when it was translated, so that a later change to it is noticed.
"""

import argparse
import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUMS = Path(__file__).parent / "korean.json"
NAMES = {"code": "코드", "output": "출력", "equation": "식"}
MARKER = re.compile(r"\[(코드|출력|식)(?: \([\d.]+\))?\]\([^)\s]+\)")
SWITCH = re.compile(r"\(\[(?:English|한국어)\]\([\w.-]+\)\)")
OTHER_WORDS = {  # a second word for a term, and the glossary's
    "생성기": "생성자",
    "구별자": "판별자",
    "식별자": "판별자",
    "그래디언트": "기울기",
    "그라디언트": "기울기",
    "경사도": "기울기",
    "가중값": "가중치",
    "바이어스": "편향",
    "합성곱층": "합성곱 층",
    "컨볼루션": "합성곱",
    "콘볼루션": "합성곱",
    "노이즈": "잡음",
    "에포치": "에포크",
    "이폭": "에포크",
    "최적화기": "옵티마이저",
    "순방향 패스": "순전파",
    "파라미터": "매개변수",
    "훈련": "학습",
    "밀집층": "완전 연결층",
    "그레이디언트": "기울기",
    "학습율": "학습률",
    "손실함수": "손실 함수",
    "활성함수": "활성화 함수",
    "기울기 페널티": "기울기 벌점",
    "연습문제": "연습 문제",
}


@dataclass
class Part:
    """A piece of a page between empty lines; its kind is "prose", "hidden" or one of NAMES."""

    kind: str
    text: str


# --- taking a page apart --------------------------------------------------------------


def parts_of(text):
    """Return the parts of a page; an equation has its anchor and its links to code with it."""
    parts, lines, k = [], text.splitlines(), 0
    while k < len(lines):
        if not lines[k].strip():
            k += 1
            continue
        kind, stop = _part_at(lines, k)
        parts.append(Part(kind, "\n".join(lines[k:stop])))
        k = stop
    return _with_anchors(parts)


def _part_at(lines, k):
    """Return the kind of the part that begins at line k, and the line after its end."""
    first = lines[k]
    fence = re.match(r"`{3,}", first)
    if fence:
        stop = next(j for j in range(k + 1, len(lines)) if lines[j] == fence[0])
        return "code" if "python" in first else "output", stop + 1
    if first == "$$":
        return "equation", lines.index("$$", k + 1) + 1
    if first.startswith("<!--"):
        return "hidden", next(j for j in range(k, len(lines)) if lines[j].endswith("-->")) + 1
    stop = k + 1
    while stop < len(lines) and lines[stop].strip() and not re.match(r"`{3,}|\$\$$", lines[stop]):
        stop += 1
    return "code" if first.startswith("    ") else "prose", stop


def _with_anchors(parts):
    joined = []
    for part in parts:
        before = joined[-1] if joined else Part("", "")
        anchored = part.kind == "equation" and re.fullmatch(r'<a id="eq-[\d.]+"></a>', before.text)
        if anchored or (before.kind == "equation" and part.text.startswith("In code: ")):
            joined[-1] = Part("equation", f"{before.text}\n\n{part.text}")
        else:
            joined.append(part)
    return joined


def english_of(korean):
    """Return the path of the English page that a Korean one translates."""
    return korean.with_name(korean.name.replace(".ko.md", ".md"))


def translated_pages():
    """Return the paths of the Korean pages that take their code from the English ones."""
    whole = ("README.ko.md", "your-first-gan.ko.md")  # these have their own copies
    return sorted(path for path in (ROOT / "docs").rglob("*.ko.md") if path.name not in whole)


def blocks_of(text):
    return [part for part in parts_of(text) if part.kind in NAMES]


def words_of(text):
    """Return the paragraphs of a page that are translated."""
    return [part for part in parts_of(text) if part.kind == "prose" and not SWITCH.fullmatch(part.text)]


# --- putting it together --------------------------------------------------------------


def assemble(korean, english):
    """Return the text of a Korean page with the English page's blocks in the places of its markers."""
    blocks, whole = iter(blocks_of(english)), []
    for part in parts_of(korean):
        marker = MARKER.fullmatch(part.text)
        if marker:
            block = next(blocks, Part("nothing", ""))
            if NAMES.get(block.kind) != marker[1]:
                raise ValueError(f"{part.text} stands where the English page has {block.kind}")
            part = Part(block.kind, block.text.replace("\n\nIn code: ", "\n\n코드: "))
        whole.append(part.text)
    if left := next(blocks, None):
        raise ValueError(f"there is no marker for {_quoted(left)}")
    return "\n\n".join(whole) + "\n"


def page(korean):
    """Return the whole text of the Korean page at a path, its links leading to Korean pages where there are any."""
    english = english_of(korean)
    texts = [path.read_text(encoding="utf-8") for path in (korean, english)]
    text = assemble(*texts)
    return re.sub(r"(?<=\]\()([\w./-]*)(#[^)\s]+)?(?=\))", lambda match: _localised(match, korean), text)


def _localised(link, korean):
    """Return a link to an English page as one to the Korean page and to its heading, if there is one."""
    english = (korean.parent / link[1]).resolve() if link[1] else english_of(korean)
    twin = english.with_suffix(".ko.md")
    if english.suffix != ".md" or (twin == korean and not link[2]) or not twin.is_file():
        return link[0]
    anchor = link[2] or ""
    slugs = [_slugs(path.read_text(encoding="utf-8")) for path in (english, twin)]
    if anchor[1:] in slugs[0]:
        anchor = "#" + slugs[1][slugs[0].index(anchor[1:])]
    elif anchor and not anchor.startswith("#eq-"):
        return link[0]
    return (link[1].replace(".md", ".ko.md") if link[1] else "") + anchor


def _slugs(text):
    """Return the names that links give the headings of a page, in order."""
    headings = [part.text.partition(" ")[2] for part in words_of(text) if part.text.startswith("#")]
    return [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]


def draft(english, name):
    """Return an English page as a Korean one before its words are translated."""
    whole = []
    for part in parts_of(english):
        if part.kind in NAMES:
            anchor = re.match(r'<a id="(eq-([\d.]+))"', part.text)
            which, where = (f" ({anchor[2]})", f"#{anchor[1]}") if anchor else ("", "")
            whole.append(f"[{NAMES[part.kind]}{which}]({name}{where})")
        elif part.kind == "prose":
            whole.append(part.text)
        if len(whole) == 1:
            whole.append(f"([English]({name}))")
    return "\n\n".join(whole) + "\n"


# --- is it the same page? -------------------------------------------------------------


def check_sum(text):
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]


def problems(korean, english, sums):
    """Return what is wrong with the Korean page: a list of complaints, each quoting its paragraph.

    Args:
        sums: the check sums of the English paragraphs when they were translated.
    """
    try:
        assemble(korean, english)
    except ValueError as error:
        return [str(error)]
    here = [part for part in words_of(korean) if not MARKER.fullmatch(part.text)]
    there = words_of(english)
    kinds = [[form(part.text)[0] for part in parts] for parts in (here, there)]
    for k, (one, other) in enumerate(zip(*kinds)):
        if one != other:
            return [f"{_quoted(here[k])} is {one}, {_quoted(there[k])} is {other}"]
    if len(here) != len(there):
        return [f"{len(here)} paragraphs for {len(there)} English ones"]
    found = [
        f"changed since it was translated: {_quoted(part)}"
        for part in there
        if check_sum(part.text) not in sums
    ]
    for one, other in zip(here, there):
        found += [f"{_quoted(one)}: {what}" for what in _differences(one.text, other.text)]
    return found


def form(text):
    """Return what a paragraph is, with its number of items or rows."""
    lines = text.splitlines()
    heading = re.match(r"#+ ", text)
    if heading:
        return f"heading {len(heading[0]) - 1}", 1
    if lines[0].startswith("|"):
        return "table", [line.count("|") for line in lines]
    return "text", [re.match(r"[-*] |\d+\. ", line)[0] for line in lines if re.match(r"[-*] |\d+\. ", line)]


def _differences(korean, english):
    """Yield what one paragraph has and the other has not."""
    if form(korean)[1] != form(english)[1]:
        yield "other rows or items than in English"
    patterns = {
        "code": r"`[^`]+`",
        "formula": r"(?<!\\)\$[^$]+\$",
        "link": r"(?<=\]\()[^)\s]+(?=\))",
    }
    plain = re.sub(r"(images/(?:book/)?)ko/", r"\1", korean.replace(".ko.md", ".md"))
    for what, pattern in patterns.items():
        one, other = (set(re.findall(pattern, text)) for text in (plain, english))
        if one != other:
            yield f"{what} {', '.join(sorted(one ^ other))} here or there only"
    bare = [re.sub(r"`[^`]+`|(?<!\\)\$[^$]+\$|\]\([^)]+\)", "", text) for text in (english, korean)]
    numbers = [Counter(re.findall(r"\d(?:[\d.,]*\d)?", text)) for text in bare]
    if missing := numbers[0] - numbers[1]:
        yield f"it lacks {', '.join(missing)}"
    if len(re.findall(r"[A-Za-z]{2,}", bare[0])) > 3 and not re.search("[가-힣]", korean):
        yield "it is not translated"
    for word, better in OTHER_WORDS.items():
        if word in korean:
            yield f"{word}: the glossary has {better}"


def _quoted(part):
    first = part.text.splitlines()[0]
    return repr(first if len(first) <= 60 else first[:59] + "…")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pages", nargs="*", help="parts of paths (default: all)")
    parser.add_argument("--draft", action="store_true", help="write pages to translate")
    parser.add_argument("--accept", action="store_true", help="note that the pages follow the English ones")
    settings = parser.parse_args()
    sums = json.loads(SUMS.read_text(encoding="utf-8")) if SUMS.is_file() else {}
    for english in sorted((ROOT / "docs" / "book").rglob("*.md")):
        korean = english.with_suffix(".ko.md")
        name = english.relative_to(ROOT / "docs").as_posix()
        if ".ko." in name or not any(part in name for part in settings.pages or [""]):
            continue
        text = english.read_text(encoding="utf-8")
        if settings.draft and settings.pages and not korean.exists():
            korean.write_text(draft(text, english.name), encoding="utf-8")
            print(f"{korean}: to translate")
        elif korean in translated_pages():
            if settings.accept:
                sums[name] = [check_sum(part.text) for part in words_of(text)]
            for line in problems(korean.read_text(encoding="utf-8"), text, sums.get(name, [])):
                print(f"{name}: {line}")
    if settings.accept:
        SUMS.write_text(json.dumps(dict(sorted(sums.items())), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
