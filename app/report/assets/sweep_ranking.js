// The answer of a sweep: its designs, best first, beside the one picture that shows how they differ.
Report.sweep_ranking = (() => {
    const {el, section, details} = Report.dom;
    const {format} = Report;

    const kind_of = (data, name) => (data.metric(name) || {kind: "number"}).kind;
    const column_of = (data, name) => (data.metric(name) || {}).column || name;
    const as_column = axis => ({title: axis.name, value: row => axis.values[row.choice[axis.index]]});

    // What is tuned stands in no column of its own: it may differ from load to load.
    const tuned_column = rows =>
        rows.some(row => (row.tunings || []).some(Boolean))
            ? {title: "best with", value: row => [...new Set((row.tunings || []).filter(Boolean))].join(" or ")}
            : null;

    function value_column(data, ranking, l) {
        const name = ranking.metrics[l],
            load = ranking.loads[l];
        return {
            title: load ? `${data.load_name(load)}: ${format.words(name)}` : format.words(name),
            csv: `${load ? `${load}_` : ""}${column_of(data, name)}`.replace(/\W+/g, "_"),
            value: row => row.values[l],
            kind: kind_of(data, name),
        };
    }

    function gain_column(data, ranking, l) {
        const one = ranking.loads.length === 1;
        return {
            title: one
                ? `against ${ranking.against_baseline ? "the baseline" : "the best"}`
                : `gain, ${data.load_name(ranking.loads[l])}`,
            csv: `gain_${l + 1}`,
            value: row => row.gains[l],
            kind: "ratio",
            bar: one,
            show: row => format.times(row.gains[l]),
        };
    }

    function ranked_table(data, ranking, rows, axes) {
        const several = ranking.loads.length > 1;
        return Report.table({
            caption: "Designs, best first",
            rows,
            limit: 10,
            row_class: row => (row.name === ranking.reference ? "reference" : ""),
            columns: [
                {title: "rank", key: "place", kind: "count"},
                ...(axes.length ? axes.map(as_column) : [{title: "design", key: "name"}]),
                tuned_column(rows),
                several ? null : value_column(data, ranking, 0),
                ...ranking.loads.map((_, l) => gain_column(data, ranking, l)),
                several
                    ? {title: "mean gain", csv: "score", key: "score", kind: "ratio", bar: true, show: row => format.times(row.score)}
                    : null,
                ...Report.uncertainty.ranking_columns(data.sweep.uncertainty),
                rows.some(row => row.on_front)
                    ? {title: "front", value: row => (row.on_front ? "on it" : "")}
                    : null,
            ],
        });
    }

    // Gains without the figures they are made of convince nobody.
    function values_table(data, ranking, rows, axes) {
        if (ranking.loads.length < 2) return null;
        return details(
            "Figures of the designs at every load",
            Report.table({
                caption: "What designs are judged by, at every load",
                rows,
                limit: 15,
                columns: [
                    {title: "rank", key: "place", kind: "count"},
                    ...(axes.length ? axes.map(as_column) : [{title: "design", key: "name"}]),
                    tuned_column(rows),
                    ...ranking.loads.map((_, l) => value_column(data, ranking, l)),
                ],
            }),
        );
    }

    function excluded_table(rows, axes) {
        if (!rows.length) return null;
        return details(
            `${format.plural(rows.length, "design")} not ranked, and why`,
            Report.table({
                caption: "Designs that are not ranked",
                rows,
                limit: 15,
                columns: [...axes.map(as_column), {title: "because", key: "excluded", class: "prose"}],
            }),
        );
    }

    function ranking_section(data, analysis) {
        const ranking = analysis.ranking;
        if (!ranking || !(ranking.designs || []).length)
            return section("Ranking", "ranking", el("p", "No objective can be better or worse, so nothing is ranked."));
        const is_ranked = design => !design.excluded && format.is_number(design.score);
        const ranked = ranking.designs.filter(is_ranked).map((design, i) => ({...design, place: i + 1}));
        const excluded = ranking.designs.filter(design => !is_ranked(design));
        const axes = data.axes.filter(axis => (axis.role || "design") === "design" && axis.values.length > 1);
        const reference = `${ranking.against_baseline ? "the baseline" : "the best"}${ranking.reference ? `, ${ranking.reference}` : ""}`;
        const several = ranking.loads.length > 1 ? " by the geometric mean of the gains at all loads" : "";
        const limits = data.constraints.length ? ` Constraints: ${data.constraints.join("; ")}.` : "";
        const picture = Report.sweep_plots.main_picture(data);
        const table = ranked_table(data, ranking, ranked, axes);
        return section(
            "Ranking",
            "ranking",
            el(
                "p.says",
                `${format.plural(ranked.length, "design")} ranked${several}; a gain is how many times as good as ${reference}.${limits}`,
            ),
            picture ? el("div.answer", table, picture) : table,
            values_table(data, ranking, ranked, axes),
            excluded_table(excluded, axes),
        );
    }

    return {ranking_section};
})();
