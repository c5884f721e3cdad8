// Bars of parts that add up, and bars to both sides of zero. Plain elements, so that they print and need no canvas.
Report.bars = (() => {
    const {el, tip} = Report.dom;
    const {format, colours} = Report;

    function key(name, variable) {
        return el(
            "span.key",
            el("span.swatch", {"aria-hidden": "true", style: {background: `var(${variable})`}}),
            name,
        );
    }

    // parts: [{name, kind, value, note}]; `whole` is the length of the full width.
    function bar(parts, whole, kind, label) {
        const shown = parts.filter(part => part.value > 0);
        const said = shown.map(part => `${part.name} ${format.text(part.value, kind)}`).join(", ");
        return el(
            "div.stack",
            {role: "img", "aria-label": `${label}: ${said}`},
            shown.map(part => {
                const share = part.value / whole;
                const piece = el(
                    "div.piece",
                    {
                        "data-kind": part.kind,
                        style: {
                            "flex-basis": `${(share * 100).toFixed(4)}%`,
                            background: `var(${colours.kind_variable(part.kind)})`,
                        },
                    },
                    share > 0.06 ? el("span", format.percent(share)) : null,
                );
                tip.attach(piece, () => [
                    part.name,
                    format.text(part.value, kind),
                    `${format.percent(share)} of ${format.text(whole, kind)}`,
                    part.note,
                ]);
                return piece;
            }),
        );
    }

    function legend(parts) {
        const seen = new Map(
            parts.filter(part => part.value > 0).map(part => [part.name, colours.kind_variable(part.kind)]),
        );
        return el(
            "div.legend",
            [...seen].map(([name, variable]) => key(name, variable)),
        );
    }

    function stacked(parts, whole, kind, label) {
        return el("div.stacked", bar(parts, whole, kind, label), legend(parts));
    }

    // One bar a row under each other, all to one scale: [{name, parts, note}]
    function rows(lines, whole, kind) {
        return el(
            "div.bar-rows",
            lines.map(line =>
                el(
                    "div.bar-row",
                    el("span.name", line.name),
                    bar(line.parts, whole, kind, line.name),
                    el("span.sum", line.note || ""),
                ),
            ),
            el("div.bar-row", el("span.name"), legend(lines.flatMap(line => line.parts)), el("span.sum")),
        );
    }

    // Left of the middle what is less, right of it what is more: [{name, value}]
    function diverging(lines, kind, less, more) {
        const most = lines.reduce((largest, line) => Math.max(largest, Math.abs(line.value)), 0) || 1;
        return el(
            "div.diverging",
            el(
                "div.bar-row.ends",
                el("span.name"),
                el("div.sides", el("span", `◂ ${less}`), el("span", `${more} ▸`)),
                el("span.sum"),
            ),
            lines.map(line => {
                const width = `${((Math.abs(line.value) / most) * 50).toFixed(2)}%`;
                const piece = el("div.piece", {
                    class: line.value < 0 ? "piece less" : "piece more",
                    style: {width, [line.value < 0 ? "right" : "left"]: "50%"},
                });
                const track = el(
                    "div.track",
                    {role: "img", "aria-label": `${line.name}: ${format.signed(line.value, kind)}`},
                    piece,
                );
                tip.attach(track, () => [line.name, format.signed(line.value, kind), line.note]);
                return el(
                    line.total ? "div.bar-row.total" : "div.bar-row",
                    el("span.name", line.name),
                    track,
                    el("span.sum", format.signed(line.value, kind)),
                );
            }),
        );
    }

    return {bar, stacked, rows, diverging, legend, key};
})();
