// Parts of a comparison that are pictures: links over time side by side, operators to both sides of zero.
Report.comparison_parts = (() => {
    const {el, section, select, details} = Report.dom;
    const {format, colours} = Report;
    const kOperatorsShown = 10;
    const kScales = [0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1]; // of busy

    // All runs to one scale of busy and of time, so that length and height compare.
    function link_picture(name, activity, scale, pick) {
        const time = activity && activity.links_over_time;
        const active = ((time && time.classes) || []).filter(one => (one.most || []).some(value => value > 0));
        if (!active.length) {
            const why = !activity
                ? "activity.json is not among the files of this run."
                : activity.no_links_over_time || "No link carried anything.";
            return el("div", el("h3", name), el("p", why));
        }
        return Report.charts.figure({
            type: "scatter",
            title: name,
            x: {title: "time", kind: "time", min: 0, max: scale.elapsed},
            y: {title: "busy", kind: "share", zero: true, max: scale.busy},
            height: 240,
            table: false,
            legend: true,
            series: active.map(one => {
                const i = scale.classes.indexOf(one.name);
                return {
                    name: one.name,
                    joined: true,
                    radius: Report.links.bucket_radius(time),
                    colour: i,
                    dash: colours.dash(i),
                    points: Report.links
                        .over_time(one[pick], time.bucket_ps, activity.elapsed_ps)
                        .map(point => ({...point, title: `${name}: ${one.name}`})),
                };
            }),
        });
    }

    function links_time_section(comparison, activities) {
        const known = (activities || []).filter(one => one && one.links_over_time);
        if (!known.length) return null;
        const classes = [...new Set(known.flatMap(one => one.links_over_time.classes.map(each => each.name)))];
        const place = el("div.pair");
        const draw = pick => {
            const all = known.flatMap(one => one.links_over_time.classes.flatMap(each => each[pick] || []));
            const scale = {
                classes,
                elapsed: Math.max(...known.map(one => one.elapsed_ps)),
                busy: kScales.find(top => top >= Math.min(1, Math.max(...all))),
            };
            place.replaceChildren(
                ...comparison.runs.map((run, i) => link_picture(run.name, activities[i], scale, pick)),
            );
            Report.charts.draw();
        };
        Report.after_mount(() => draw("mean"));
        return section(
            "Links over time",
            "links-time",
            el("p.says", "Every run to the same scale of time and of busy, as it ran: times are not scaled to the work of the reference."),
            el(
                "div.tools.controls",
                select(
                    "Lines are",
                    [
                        ["mean", "the mean of all links of a class"],
                        ["most", "the busiest link of a class"],
                    ],
                    "mean",
                    draw,
                ),
            ),
            place,
        );
    }

    function operators_section(comparison) {
        const operators = comparison.all.operators || [];
        if (!operators.length) return null;
        const {reference, runs} = comparison;
        const difference = (row, i) => (row.values[i] || 0) - (row.values[reference] || 0);
        const change = row => Math.max(0, ...comparison.others().map(i => Math.abs(difference(row, i))));
        const rows = [...operators].sort((a, b) => change(b) - change(a));
        const text = value => format.text(value || 0, "time");
        const pictures = comparison.others().map(i => {
            const moved = rows.filter(row => difference(row, i) !== 0);
            const shown = moved.slice(0, kOperatorsShown);
            const rest = moved.slice(kOperatorsShown).reduce((sum, row) => sum + difference(row, i), 0);
            const lines = shown.map(row => ({
                name: row.name,
                value: difference(row, i),
                note: `${text(row.values[reference])} in ${runs[reference].name}, ${text(row.values[i])} in ${runs[i].name}`,
            }));
            const others = moved.length - shown.length;
            return el(
                "div",
                el("h3", `${runs[i].name} against ${runs[reference].name}`),
                lines.length
                    ? Report.bars.diverging(lines, "time", "less time", "more time")
                    : el("p", "No operator differs."),
                others > 0
                    ? el("p.says", `${format.plural(others, "other operator")} together: ${format.signed(rest, "time")}.`)
                    : null,
            );
        });
        return section(
            "Operators",
            "operators",
            el("p.says", "Time of operators, mean over cards; the largest differences first."),
            pictures,
            details(
                "Operators as a table",
                Report.table({
                    caption: "Time of operators, mean over cards; the largest differences first",
                    rows,
                    limit: 12,
                    columns: [{title: "operator", key: "name"}, ...comparison.columns("time", row => row.values)],
                }),
            ),
        );
    }

    return {links_time_section, operators_section};
})();
