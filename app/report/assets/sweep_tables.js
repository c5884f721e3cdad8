// What the analysis of a sweep found, as tables: effects, knees; then every point, and why some failed.
Report.sweep_tables = (() => {
    const {el, section, details, select, copy} = Report.dom;
    const {format} = Report;

    function levels_text(axis, levels) {
        return (levels || [])
            .map((level, i) => (format.is_number(level) ? `${axis ? axis.values[i] : i} ${format.times(level)}` : null))
            .filter(Boolean)
            .join(", ");
    }

    function extreme(data, effect, best) {
        const axis = data.axes.find(one => one.name === effect.axis),
            metric = data.metric(effect.metric);
        const known = (effect.levels || []).map((level, i) => [level, i]).filter(([level]) => format.is_number(level));
        if (!axis || !metric || !known.length) return "";
        const higher = (metric.better === "higher") === best;
        return axis.values[known.reduce((a, b) => (b[0] > a[0] === higher && b[0] !== a[0] ? b : a))[1]];
    }

    function effects_section(data, analysis) {
        const effects = analysis.effects || [];
        if (!effects.length) return null;
        const key = effect => `${effect.load || ""}\n${effect.metric}`;
        const keys = [...new Set(effects.map(key))];
        const place = el("div.live");
        const draw = wanted => {
            const rows = effects.filter(effect => key(effect) === wanted);
            const rated = (data.metric(rows[0].metric) || {}).better !== "neither";
            place.replaceChildren(
                Report.table({
                    caption: `What each axis changes in ${format.words(rows[0].metric)}${rows[0].load ? `, ${rows[0].load}` : ""}`,
                    rows,
                    columns: [
                        {title: "axis", key: "axis"},
                        {title: "share of the variance", key: "share", kind: "share", bar: true},
                        {
                            title: "largest / smallest level",
                            key: "spread",
                            kind: "ratio",
                            show: row => format.times(row.spread),
                        },
                        rated ? {title: "best at", value: row => extreme(data, row, true)} : null,
                        rated ? {title: "worst at", value: row => extreme(data, row, false)} : null,
                        {
                            title: "levels, relative to their mean",
                            value: row =>
                                levels_text(
                                    data.axes.find(axis => axis.name === row.axis),
                                    row.levels,
                                ),
                            class: "prose",
                        },
                        {
                            title: "compared",
                            csv: "combinations",
                            key: "combinations",
                            kind: "count",
                            show: row => (row.combinations ? format.grouped(row.combinations, 0) : "model"),
                        },
                    ],
                }),
            );
        };
        draw(keys[0]);
        const choice =
            keys.length < 2
                ? null
                : select(
                      "Result",
                      keys.map(one => {
                          const [load, metric] = one.split("\n");
                          return [one, `${format.words(metric)}${load ? `, ${load}` : ""}`];
                      }),
                      keys[0],
                      draw,
                  );
        return section(
            "What each axis changes",
            "effects",
            el(
                "p.says",
                "Moving along one axis while all others stay; the share is what the axis explains by itself of the variance of the logarithm. Shares add up to less where axes act together, to more where points are missing. Compared: so many combinations of the other axes; model: too few ran at every value, so an additive model is fitted.",
            ),
            choice ? el("div.tools.controls", choice) : null,
            place,
        );
    }

    function knees_section(data, analysis) {
        if (!(analysis.knees || []).length) return null;
        // Those of the best designs first.
        const place = new Map();
        (((analysis.ranking || {}).designs) || []).forEach((design, i) =>
            design.points.forEach(point => {
                if (!design.excluded) place.set(point, i);
            }),
        );
        const best = knee => Math.min(Infinity, ...(knee.points || []).map(point => place.get(point) ?? Infinity));
        const order = new Map(analysis.knees.map(knee => [knee, best(knee)]));
        const knees = [...analysis.knees].sort((a, b) =>
            order.get(a) === order.get(b) ? 0 : order.get(a) - order.get(b),
        );
        // A sentence an axis and load, as in the summary; one a knee in files that have none.
        const summary = analysis.knee_summary || [];
        const sentences = summary.length ? summary : [...new Set(knees.map(knee => knee.sentence).filter(Boolean))];
        const axis_value = knee => {
            const axis = data.axes.find(one => one.name === knee.axis);
            const at = axis && knee.at !== null && knee.at !== undefined ? (axis.numbers || []).indexOf(knee.at) : -1;
            return at >= 0
                ? axis.values[at]
                : knee.at === null || knee.at === undefined
                  ? "not within the sweep"
                  : format.figure(knee.at);
        };
        return section(
            "Where more stops to help",
            "knees",
            el(
                "ul.sentences",
                sentences.slice(0, 8).map(one => el("li", Report.run_words.stopped(one))),
            ),
            details(
                "Knees as a table",
                Report.table({
                    caption: "The least value from which on a doubling gains less than 10 %",
                    rows: knees,
                    limit: 15,
                    columns: [
                        {title: "axis", key: "axis"},
                        {title: "others", key: "combination"},
                        {title: "result", value: knee => format.words(knee.metric)},
                        {title: "knee at", value: axis_value},
                        {title: "reached there", key: "share_there", kind: "share"},
                        {title: "last doubling gains", value: knee => knee.last_doubling - 1, kind: "share"},
                    ],
                }),
            ),
        );
    }

    // Where `myriad sweep` leaves a sweep unless it is told otherwise.
    const folder_of = data => `results/${data.sweep.name || "sweep"}`;

    function points_section(data) {
        const first = [
            ...new Set([
                ...data.objectives,
                ...(data.sweep.constraints || []).map(Report.sweep_data.name_of).filter(name => data.metric(name)),
                ...data
                    .ordered_metrics()
                    .filter(metric => metric.better !== "neither")
                    .map(metric => metric.name),
            ]),
        ].slice(0, 6);
        const chosen = new Set(first.length ? first : data.metrics.slice(0, 4).map(metric => metric.name));
        const place = el("div.live");
        let with_algorithms = false;
        const command = el(
            "p.says.again",
            {"aria-live": "polite"},
            "A click on a point's number copies the commands that run it again by itself.",
        );
        const again = number => {
            const text = `myriad point ${folder_of(data)} ${number} --scenario > point_${number}.yaml && myriad run point_${number}.yaml`;
            command.replaceChildren(`Point ${number} again: `, el("code", text));
            copy(text, `the commands of point ${number}`);
        };
        const row = i => ({
            i,
            stage: data.stages[data.stage(i)],
            point: data.number(i),
            status: data.word(i, "status"),
            algorithms: data.word(i, "algorithms"),
        });
        const draw = () => {
            const metrics = data.metrics.filter(metric => chosen.has(metric.name));
            const points = data.filtered();
            place.replaceChildren(
                Report.table({
                    caption: "Points",
                    rows: points.map(row),
                    limit: 25,
                    row_class: one => (one.status === "ok" && !data.left_early(one.i) ? "" : "excluded"),
                    columns: [
                        {
                            title: "point",
                            key: "point",
                            kind: "count",
                            show: one =>
                                el(
                                    "button.quiet.number",
                                    {
                                        type: "button",
                                        "aria-label": `Commands of point ${one.point}`,
                                        onclick: () => again(one.point),
                                    },
                                    String(one.point),
                                ),
                        },
                        data.stages.length > 1 ? {title: "stage", key: "stage"} : null,
                        ...data.axes.map(axis => ({title: axis.name, value: one => data.label(one.i, axis)})),
                        ...metrics.map(metric => ({
                            title: metric.title,
                            csv: metric.column || metric.name,
                            meaning: metric.meaning,
                            value: one => data.value(one.i, metric.name),
                            kind: metric.kind,
                        })),
                        with_algorithms ? {title: "algorithms", key: "algorithms", class: "prose"} : null,
                        {title: "status", value: one => format.words(one.status)},
                    ],
                }),
            );
        };
        data.on_filter(draw);
        draw();
        const boxes = data.metrics.map(metric =>
            el(
                "label.tick",
                {title: metric.meaning},
                el("input", {
                    type: "checkbox",
                    checked: chosen.has(metric.name),
                    "data-metric": metric.name,
                    onchange: event => {
                        if (event.target.checked) chosen.add(metric.name);
                        else chosen.delete(metric.name);
                        draw();
                    },
                }),
                metric.title,
            ),
        );
        if (data.all.some(i => data.word(i, "algorithms")))
            boxes.push(
                el(
                    "label.tick",
                    el("input", {
                        type: "checkbox",
                        onchange: event => {
                            with_algorithms = event.target.checked;
                            draw();
                        },
                    }),
                    "algorithms",
                ),
            );
        return section(
            "All points",
            "points",
            details(`Columns: ${format.plural(data.metrics.length, "result")}`, el("div.ticks", boxes)),
            place,
            command,
            el(
                "p.says",
                data.sweep.columns.rounded
                    ? "Figures here have six digits; sweep.csv holds them exactly."
                    : "sweep.csv holds the same figures.",
            ),
        );
    }

    function failed_section(data) {
        const failed = data.all.filter(i => !data.ran(i));
        if (!failed.length) return null;
        const by = new Map();
        for (const i of failed) {
            const key = `${data.word(i, "status")}\n${data.word(i, "reason")}`;
            by.set(key, [...(by.get(key) || []), data.number(i)]);
        }
        const rows = [...by]
            .map(([key, points]) => {
                const [status, ...reason] = key.split("\n");
                return {status: format.words(status), reason: reason.join("\n"), count: points.length, points};
            })
            .sort((a, b) => b.count - a.count);
        return section(
            "Failed points",
            "failed",
            el(
                "p.says",
                `${format.grouped(failed.length, 0)} of ${format.plural(data.count, "point")} gave no result. A plan that does not fit is a result, too; the others ran on.`,
            ),
            Report.table({
                caption: "Why points failed",
                rows,
                limit: 10,
                columns: [
                    {title: "reason", key: "reason", class: "prose message"},
                    {title: "kind", key: "status"},
                    {title: "points", csv: "count", key: "count", kind: "count", bar: true},
                    {
                        title: "which",
                        value: one => one.points.slice(0, 12).join(", ") + (one.points.length > 12 ? " ..." : ""),
                    },
                ],
            }),
        );
    }

    return {effects_section, knees_section, points_section, failed_section};
})();
