// Colours, by what they mean. Categories are those of Okabe and Ito, which colour-blind readers tell apart; heat rises in
// lightness alone, so that it can be read without hue. The values stand in report.css, once a theme.
Report.colours = (() => {
    const kMarkers = ["circle", "rect", "triangle", "rectRot", "crossRot", "star"];
    const kDashes = [[], [7, 4], [2, 3]];

    function css(name) {
        return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    }

    const kSeries = 7;
    // Of what is not to be read like the rest.
    const pale = colour => `${colour}55`;
    const series = index => css(`--series-${index % kSeries}`);
    const marker = index => kMarkers[index % kMarkers.length];
    const dash = index => kDashes[Math.floor(index / kSeries) % kDashes.length];

    // Kinds of work, the same in bars, timeline and legends. What is not listed gets a colour by its name.
    const kKinds = new Set([
        "compute",
        "optimizer",
        "tensor",
        "context",
        "expert",
        "pipeline",
        "data",
        "model",
        "bubble",
        "launch",
        "hbm",
        "matrix",
        "vector",
        "on_chip",
        "latency",
        "slowed",
        "idle",
        "late",
        "network",
        "links",
        "communication",
        "other",
    ]);
    const kAlias = {
        HBM: "hbm",
        "on-chip": "on_chip",
        bubbles: "bubble",
        wait: "bubble",
        tp: "tensor",
        cp: "context",
        ep: "expert",
        etp: "expert",
        pp: "pipeline",
        dp: "data",
        edp: "data",
        embedding: "model",
        collective: "tensor",
        send: "pipeline",
        receive: "pipeline",
        message: "pipeline",
        flow: "data",
        copy: "data",
    };
    function kind_variable(kind) {
        const name = kAlias[kind] || String(kind).replaceAll("-", "_");
        if (kKinds.has(name)) return `--kind-${name}`;
        let hash = 0;
        for (const letter of name) hash = (hash * 31 + letter.charCodeAt(0)) % 997;
        return `--series-${hash % kSeries}`;
    }
    const kind = name => css(kind_variable(name));

    function parsed(colour) {
        const digits = colour.replace("#", "");
        return [0, 2, 4].map(at => parseInt(digits.slice(at, at + 2), 16));
    }

    let stops = null;
    function forget() {
        stops = null;
    }
    // 0 to 1.
    function heat(value) {
        if (!stops) stops = [0, 1, 2, 3, 4].map(i => parsed(css(`--heat-${i}`)));
        const place = Math.max(0, Math.min(1, value)) * (stops.length - 1);
        const low = Math.min(Math.floor(place), stops.length - 2);
        const mix = stops[low].map((part, i) => Math.round(part + (stops[low + 1][i] - part) * (place - low)));
        return `rgb(${mix.join(",")})`;
    }
    // Ink that reads on heat(value).
    function ink_on(value) {
        const [r, g, b] = heat(value).match(/\d+/g).map(Number);
        return 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#16191d" : "#ffffff";
    }

    // A strip from 0 to 1 with the figures at its ends.
    function heat_legend(from, to, label) {
        const {el} = Report.dom;
        return el(
            "div.heat-legend",
            el("span", label),
            el("span", from),
            el("span.ramp", {"aria-hidden": "true"}),
            el("span", to),
        );
    }

    return {css, series, pale, marker, dash, kind, kind_variable, heat, ink_on, heat_legend, forget};
})();
