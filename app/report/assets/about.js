// What a result rests on: levels, laws, algorithms, assumed values, what is not modelled, and what made it.
Report.about = (() => {
    const {el, section, details, facts} = Report.dom;
    const {format} = Report;

    function assumed_section(assumed) {
        if (!assumed) return null;
        if (!assumed.length)
            return section("Assumed values", "assumed", el("p", "No value of the input is an assumption."));
        const ranged = assumed.filter(one => one.range).length;
        const uncertain = one => one.range && one.range[0] !== one.range[1];
        return section(
            "Assumed values",
            "assumed",
            el(
                "p.says",
                `${format.plural(assumed.length, "value")} of the input ${assumed.length === 1 ? "is" : "are"} assumed, not published; ${ranged} of them ${ranged === 1 ? "is" : "are"} given within a range. A range of twice the same value is a choice of the scenario.`,
            ),
            Report.table({
                caption: "Values that are assumptions",
                rows: assumed,
                limit: 12,
                columns: [
                    {title: "value", key: "path", class: "path"},
                    {title: "is", key: "value"},
                    {
                        title: "range",
                        value: one => (one.range ? `${one.range[0]} to ${one.range[1]}` : ""),
                        show: one =>
                            one.range ? (uncertain(one) ? `${one.range[0]} to ${one.range[1]}` : "chosen") : "",
                    },
                    {title: "source", key: "source", class: "prose"},
                ],
            }),
        );
    }

    function list(items) {
        return el(
            "ul",
            items.map(item => el("li", item)),
        );
    }

    function fidelity_text(fidelity) {
        if (!fidelity) return "";
        const network =
            fidelity.network === "packet" && fidelity.cell_bytes
                ? `packet (cells of ${format.text(fidelity.cell_bytes, "size")})`
                : fidelity.network;
        return `network ${network}, card ${fidelity.card}${fidelity.interference ? ", communication slows kernels" : ""}`;
    }

    function trust_section(result) {
        const laws = result.laws || [];
        return section(
            "How far to trust it",
            "trust",
            facts([
                ["fidelity", fidelity_text(result.fidelity)],
                ["placement", result.placement],
                ["laws checked and held", String(laws.length)],
            ]),
            el("h3", "Not modelled"),
            (result.not_modelled || []).length ? list(result.not_modelled) : el("p", "Nothing that the level names."),
            laws.length ? details(`The ${format.plural(laws.length, "law")} that held`, list(laws)) : null,
        );
    }

    function algorithms_section(result) {
        const rows = result.algorithms || [];
        if (!rows.length) return null;
        return section(
            "Collective algorithms",
            "algorithms",
            Report.table({
                caption: "What the groups of each dimension ran, and why",
                rows,
                limit: 12,
                columns: [
                    {title: "dimension", key: "dimension"},
                    {title: "groups", key: "groups", kind: "count"},
                    {title: "operation", key: "operation"},
                    {title: "algorithm", key: "algorithm"},
                    rows.some(row => row.protocol) ? {title: "protocol", key: "protocol"} : null,
                    {title: "why", value: row => row.reason || "named by the scenario", class: "prose"},
                ],
            }),
        );
    }

    function kind_of_unit(unit) {
        return {ps: "time", byte: "size", count: "count", "byte/s": "bandwidth"}[unit] || "number";
    }

    function statistics_section(result) {
        const rows = Object.entries(result.statistics || {}).map(([name, row]) => ({name, ...row}));
        if (!rows.length) return null;
        return section(
            "Further figures",
            "statistics",
            details(
                `${format.plural(rows.length, "statistic")} of cards and network`,
                Report.table({
                    caption: "Statistics",
                    rows,
                    limit: 100,
                    columns: [
                        {title: "name", key: "name", class: "path"},
                        {
                            title: "value",
                            value: row => row.value,
                            show: row => format.text(row.value, kind_of_unit(row.unit)),
                            class: "figure",
                        },
                        {title: "unit", key: "unit"},
                        {title: "meaning", key: "meaning", class: "prose"},
                    ],
                }),
            ),
        );
    }

    function footer(manifest, files) {
        const program =
            manifest && manifest.program ? `${manifest.program.name} ${manifest.program.version}` : "myriad";
        const input = manifest && manifest.effective_yaml ? `, input ${manifest.effective_yaml.value}` : "";
        const seed = manifest && manifest.seed !== undefined ? `, seed ${manifest.seed}` : "";
        return el(
            "footer",
            el(
                "p",
                `Simulated by ${program}${input}${seed}${manifest && manifest.build ? `, ${manifest.build.compiler}` : ""}. A model, not a measurement. ${files}`,
            ),
        );
    }

    return {assumed_section, trust_section, algorithms_section, statistics_section, footer, fidelity_text, list};
})();
