#!/usr/bin/env python3
"""Draws the output of a command as a picture of a terminal, in SVG.

    myriad run scenarios/quickstart.yaml --no-result |
        terminal_svg.py --command "./scripts/myriad run scenarios/quickstart.yaml" --until "network " > quickstart.svg

Reads the output on standard input and changes nothing in it. --until cuts before the first line that begins with the
given words and draws "..." in place of the rest. Every line says how wide it is, so that columns stay columns
whatever monospaced font the reader has.
"""

import argparse
import re
import sys
from xml.sax.saxutils import escape

CHARACTER_WIDTH = 7.8
LINE_HEIGHT = 17
FONT_SIZE = 13
MARGIN = 16
BAR_HEIGHT = 28
BACKGROUND, FRAME, TEXT, PROMPT, BARS, QUIET = "#0d1117", "#30363d", "#d6dde6", "#56d364", "#58a6ff", "#8b949e"


def coloured(line):
    """Pieces of a line as (text, colour): bars of '#' stand out, the rest is plain."""
    pieces = re.split(r"( #+(?= |$))", line)
    return [(piece, BARS if re.fullmatch(r" #+", piece) else TEXT) for piece in pieces if piece]


def text_element(column, row, text, colour, bold=False):
    stripped = text.lstrip(" ")
    column += len(text) - len(stripped)
    stripped = stripped.rstrip(" ")
    if not stripped:
        return ""
    x = MARGIN + column * CHARACTER_WIDTH
    y = BAR_HEIGHT + MARGIN + row * LINE_HEIGHT + FONT_SIZE
    weight = ' font-weight="bold"' if bold else ""
    return (f'<text x="{x:.1f}" y="{y}" fill="{colour}"{weight} textLength="{len(stripped) * CHARACTER_WIDTH:.1f}" '
            f'lengthAdjust="spacingAndGlyphs">{escape(stripped)}</text>\n')


def picture(command, lines):
    width = round(2 * MARGIN + CHARACTER_WIDTH * max(len(line) for line in [f"$ {command}", *lines]))
    height = BAR_HEIGHT + 2 * MARGIN + LINE_HEIGHT * (len(lines) + 2)
    svg = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
           f'viewBox="0 0 {width} {height}" role="img">\n<title>{escape(command)}</title>\n'
           f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8" fill="{BACKGROUND}" '
           f'stroke="{FRAME}"/>\n')
    for dot, colour in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        svg += f'<circle cx="{MARGIN + 4 + 18 * dot}" cy="{BAR_HEIGHT // 2 + 2}" r="5" fill="{colour}"/>\n'
    svg += (f'<g font-family="ui-monospace, Menlo, Consolas, \'DejaVu Sans Mono\', \'Liberation Mono\', monospace" '
            f'font-size="{FONT_SIZE}" xml:space="preserve">\n')
    svg += text_element(0, 0, "$", PROMPT, bold=True) + text_element(2, 0, command, TEXT, bold=True)
    for row, line in enumerate(lines, 2):
        column = 0
        for piece, colour in [(line, QUIET)] if line == "..." else coloured(line):
            svg += text_element(column, row, piece, colour)
            column += len(piece)
    return svg + "</g>\n</svg>\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--command", required=True, help="what is shown behind the prompt")
    parser.add_argument("--until", help="cut before the first line that begins with this")
    arguments = parser.parse_args()
    lines = sys.stdin.read().rstrip("\n").split("\n")
    if arguments.until:
        cut = next((n for n, line in enumerate(lines) if line.startswith(arguments.until)), None)
        if cut is None:
            sys.exit(f"terminal_svg.py: no line begins with '{arguments.until}'")
        lines = lines[:cut] + ["..."]
    sys.stdout.write(picture(arguments.command, lines))


if __name__ == "__main__":
    main()
