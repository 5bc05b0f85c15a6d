"""Mathematics as MathML, worked out when the site is built.

Browsers draw MathML themselves, so a page needs no script and no other host for it, and
an equation can be read aloud, selected and enlarged. What they lack is, on some systems,
a font with the measures of mathematics; so STIX Two Math comes with the site, cut down to
the characters that equations use.

\\tag{1.7} becomes the number at the right margin.
"""

import html
import re
from pathlib import Path

import ziamath
from docutils import nodes
from fontTools.subset import Options, Subsetter, load_font, save_font
from latex2mathml.converter import convert
from sphinx.util import logging

logger = logging.getLogger(__name__)
TAG = re.compile(r"\\tag\{([^}]*)\}")

# Latin, Greek, accents, punctuation, arrows and operators, italic and bold letters for variables.
CHARACTERS = [
    (0x20, 0x17F),
    (0x2C6, 0x2DD),
    (0x300, 0x338),
    (0x391, 0x3F6),
    (0x2010, 0x205F),
    (0x20D0, 0x20E1),
]
CHARACTERS += [(0x2100, 0x214F), (0x2190, 0x22FF), (0x2308, 0x230B), (0x239B, 0x23B3), (0x23DC, 0x23E1)]
CHARACTERS += [(0x27E6, 0x27EF), (0x1D400, 0x1D7FF)]


NAME = "<mi>(?:log|exp|max|min|tanh|sin|cos)</mi>"
BEFORE = '<mo>&#x0003D;</mo>|<mo stretchy="false">&#x00028;</mo>|<mo>&#x0002C;</mo>|<mo>&#x022C5;</mo>'
BETTER = [  # where the converter's MathML is not what TeX would set
    # A prime is raised by the font already; raised twice it is too small to see.
    (
        r"<msup>(<mi>[^<]*</mi>)<mi>(&#x0203[2-7];)</mi></msup>",
        r'<mrow>\1<mo lspace="0" rspace="0">\2</mo></mrow>',
    ),
    (r'<mo stretchy="false">&#x0007C;</mo>', '<mo stretchy="false" lspace="0" rspace="0">|</mo>'),  # |x|
    (r"<mi>&#x0007E;</mi>", "<mo>&#x0223C;</mo>"),  # \sim
    (r"<mo>([A-Za-z]{2,})</mo>", r"<mi>\1</mi>"),  # max and sign are names
    (rf"({NAME})(?=<m[inf])", r'\1<mspace width="0.17em" />'),
    (rf"(</mi>|</mn>|&#x00029;</mo>)(?={NAME})", r'\1<mspace width="0.17em" />'),
    (r"<mo>&#x0002F;</mo>", '<mo lspace="0" rspace="0">/</mo>'),
    (rf"({BEFORE})<mo>&#x02212;</mo>", r'\1<mo form="prefix" lspace="0" rspace="0">&#x02212;</mo>'),  # a sign
]


def _for_converter(latex):
    """Return LaTeX that the converter understands to the same effect."""
    latex = re.sub(r"\\(begin|end)\{aligned\}", r"\\\1{align*}", latex)
    return re.sub(r"\\mathrm\{([A-Za-z]{2,})\}", r"\\operatorname{\1}", latex)


def font_folder(folder):
    """Write the font into a folder, if it is not there yet, and return the folder."""
    target = folder / "STIXTwoMath.woff"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        source = next(Path(ziamath.__file__).parent.rglob("STIXTwoMath-Regular.ttf"))
        options = Options(flavor="woff", layout_features=["*"], notdef_outline=True)
        font = load_font(str(source), options)
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=[c for low, high in CHARACTERS for c in range(low, high + 1)])
        subsetter.subset(font)
        save_font(font, str(target), options)
    return folder


def to_mathml(latex, display):
    """Return (MathML, number); the number is that of \\tag, or None."""
    tag = TAG.search(latex)
    plain = TAG.sub("", latex).strip()
    mathml = convert(_for_converter(plain), display=display)
    for pattern, better in BETTER:
        mathml = re.sub(pattern, better, mathml)
    unknown = re.findall(r"<m[io]>(\\[A-Za-z]+|&|\\\\)</m[io]>", mathml)
    if unknown:
        raise ValueError(f"cannot convert {' '.join(unknown)} in {latex!r}")
    # Read aloud by what it was written as where the browser has nothing better.
    mathml = mathml.replace("<math ", f'<math alttext="{html.escape(plain, quote=True)}" ', 1)
    return mathml, tag and tag[1]


def _convert(node, display):
    try:
        return to_mathml(node.astext(), display)
    except Exception as error:
        logger.warning("mathematics: %s", error, location=node)
        return f"<code>{html.escape(node.astext())}</code>", None


def visit_inline(translator, node):
    after = node.next_node(descend=False, siblings=True)
    # No line may begin with the comma after an equation: a word joiner ties the two.
    tied = isinstance(after, nodes.Text) and not after.astext()[:1].isspace()
    translator.body.append(_convert(node, "inline")[0] + ("&#8288;" if tied else ""))
    raise nodes.SkipNode


def visit_block(translator, node):
    mathml, number = _convert(node, "block")
    ids = "".join(f'<span id="{html.escape(name)}"></span>' for name in node["ids"])
    right = f'<span class="equation-number">({number})</span>' if number else ""
    translator.body.append(
        f'<div class="equation">{ids}<div class="equation-body">{mathml}</div>{right}</div>\n'
    )
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
