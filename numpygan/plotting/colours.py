"""Colours of Okabe & Ito's palette, which colour-blind readers can distinguish."""

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#E69F00", "#009E73", "#777777"
VERMILION, SKY, PURPLE, BLACK, YELLOW = "#D55E00", "#56B4E9", "#CC79A7", "#000000", "#F0E442"
CLASSES = (BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE, BLACK, "#B8A800", "#8C564B", GREY)
CLASSES_ON_DARK = (
    "#4C8DFF", ORANGE, "#1FC79A", "#FF7A29", SKY, PURPLE, "#FFFFFF", "#D9CB2B", "#C08A7E", "#A0A0A0",
)  # fmt: skip
