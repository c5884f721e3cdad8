// Numbers as people read them. Every figure of the page goes through here, so that one quantity never has two forms.
//
//     Report.format.text(15133964669261, "time")          "15.13 s"
//     const unit = Report.format.column(values, "time")   one unit for a whole column: {unit: "ms", cell: value => "12.50"}
"use strict";
const Report = {};
Report.format = (() => {
    const kDigits = 4;
    const kNone = "–";
    // Factor of the unit in the raw unit (ps, byte, byte/s, 1/s, flop/s), ascending.
    const kLadders = {
        time: [
            [1, "ps"],
            [1e3, "ns"],
            [1e6, "µs"],
            [1e9, "ms"],
            [1e12, "s"],
            [6e14, "min", 6e13],
            [3.6e16, "h", 3.6e15],
        ],
        size: [
            [1, "B"],
            [2 ** 10, "KiB"],
            [2 ** 20, "MiB"],
            [2 ** 30, "GiB"],
            [2 ** 40, "TiB"],
            [2 ** 50, "PiB"],
        ],
        bandwidth: [
            [1, "B/s"],
            [1e3, "kB/s"],
            [1e6, "MB/s"],
            [1e9, "GB/s"],
            [1e12, "TB/s"],
            [1e15, "PB/s"],
        ],
        flop_rate: [
            [1, "FLOP/s"],
            [1e9, "GFLOP/s"],
            [1e12, "TFLOP/s"],
            [1e15, "PFLOP/s"],
            [1e18, "EFLOP/s"],
        ],
        rate: [[1, "/s"]],
        per_energy: [[1, "/J"]],
        share: [[0.01, "%"]],
        count: [[1, ""]],
        money: [[1, "USD"]],
        rent: [[1, "USD/h"]],
        power: [
            [1, "W"],
            [1e3, "kW"],
            [1e6, "MW"],
        ],
        ratio: [[1, "×"]],
        number: [[1, ""]],
    };

    function is_number(value) {
        return typeof value === "number" && Number.isFinite(value);
    }

    // The step of the ladder for numbers up to `largest`; [factor, unit].
    function rung(kind, largest) {
        const ladder = kLadders[kind] || kLadders.number;
        let best = ladder[0];
        for (const step of ladder) {
            if (largest >= step[0]) best = step;
        }
        return [best[2] || best[0], best[1]];
    }

    function grouped(value, decimals) {
        return value.toLocaleString("en-US", {minimumFractionDigits: decimals, maximumFractionDigits: decimals});
    }

    // Four significant digits, without zeros at the end: "8,661", "0.8123".
    function figure(value) {
        if (!is_number(value)) return kNone;
        return Number(value.toPrecision(kDigits)).toLocaleString("en-US", {maximumFractionDigits: 12});
    }

    function with_unit(number, unit) {
        if (unit === "×") return `${number}×`;
        return unit === "" ? number : `${number} ${unit}`;
    }

    function percent(value) {
        if (value > 0 && value < 0.0005) return "<0.1 %";
        return `${grouped(value * 100, 1)} %`;
    }

    function text(value, kind) {
        if (!is_number(value)) return kNone;
        if (kind === "share") return percent(value);
        if (kind === "count") return grouped(Math.round(value), 0);
        if (value === 0) {
            const units = {time: "s", size: "B", bandwidth: "B/s", flop_rate: "FLOP/s", rate: "/s", money: "USD"};
            return with_unit("0", units[kind] || "");
        }
        let [factor, unit] = rung(kind, Math.abs(value));
        // 999.96 ms has four digits of a second.
        const rounded = Number((value / factor).toPrecision(kDigits)) * factor;
        [factor, unit] = rung(kind, Math.abs(rounded));
        return with_unit(figure(value / factor), unit);
    }

    // Decimals that show `largest` with four digits, and the smallest with two where the column is not too wide for it.
    function decimals_for(largest, smallest, kind) {
        if (kind === "share") return 1;
        if (kind === "count" || largest === 0) return 0;
        const before = Math.floor(Math.log10(largest)) + 1;
        const wanted = smallest > 0 ? 1 - Math.floor(Math.log10(smallest)) : 0;
        return Math.max(0, Math.min(Math.max(kDigits - before, wanted), Math.max(kDigits - before, 0) + 1, 6));
    }

    // One unit for all cells, so that they compare at a glance; values that it cannot show get their own.
    function column(values, kind) {
        const sizes = values
            .filter(is_number)
            .map(Math.abs)
            .filter(value => value > 0);
        const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
        const smallest = sizes.reduce((a, b) => Math.min(a, b), Infinity);
        const mixed = sizes.length > 0 && largest / smallest >= 1e3 && (kLadders[kind] || []).length > 1;
        if (mixed) return {unit: "", factor: 1, cell: value => text(value, kind)};
        const [factor, unit] = rung(kind, largest);
        const decimals = decimals_for(largest / factor, smallest === Infinity ? 0 : smallest / factor, kind);
        const least = 0.5 * 10 ** -decimals;
        const cell = value => {
            if (!is_number(value)) return kNone;
            const scaled = value / factor;
            if (scaled > 0 && scaled < least) return `<${(10 ** -decimals).toFixed(decimals)}`;
            return grouped(scaled, decimals);
        };
        return {unit, factor, decimals, cell};
    }

    const kKinds = {
        ps: "time",
        B: "size",
        "B/s": "bandwidth",
        "1/s": "rate",
        "tokens/s": "rate",
        "flop/s": "flop_rate",
        "%": "share",
        USD: "money",
        "USD/h": "rent",
        W: "power",
    };
    // What a metric of a sweep is, from its unit where its kind is not told.
    function kind_of(metric) {
        if (metric.unit === "1/J") return "per_energy";
        if (metric.kind && kLadders[metric.kind]) return metric.kind;
        return kKinds[metric.unit] || "number";
    }

    // "better, 1.42 times", as a ratio with two or three decimals.
    function times(value) {
        if (!is_number(value)) return kNone;
        return `${value >= 100 ? grouped(value, 0) : value >= 10 ? grouped(value, 1) : value.toFixed(2)}×`;
    }

    function signed(value, kind) {
        if (!is_number(value)) return kNone;
        return value > 0 ? `+${text(value, kind)}` : value < 0 ? `−${text(-value, kind)}` : text(0, kind);
    }

    // "mlp_up" stays; "exposed_tensor" in running text loses its underscores.
    function words(name) {
        return String(name).replaceAll("_", " ");
    }

    function plural(count, one, many) {
        return `${grouped(count, 0)} ${count === 1 ? one : many || one + "s"}`;
    }

    return {text, column, figure, percent, kind_of, times, signed, words, plural, grouped, is_number, none: kNone};
})();
