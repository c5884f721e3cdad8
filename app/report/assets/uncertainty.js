// What assumed values leave open: of a run every figure from P5 to P95, and what each assumption does alone; of a sweep
// whether its ranking stands.
Report.uncertainty = (() => {
    const {el, section, details, tip} = Report.dom;
    const {format} = Report;

    const kRange =
        "A range is what its author would not be surprised by, no confidence interval of reality; P5 and P95 say what follows from the ranges.";
    const short = path => path.replace(/^cluster\./, "");
    const differs = (a, b) => Math.abs(a - b) > 1e-9 * Math.max(Math.abs(a), Math.abs(b));

    // From low to high with ends, a stroke at the middle and a dot at what the files say; shares of a track from 0 to 1.
    function whisker(low, middle, high, nominal, said) {
        const at = share => `${(Math.max(0, Math.min(1, share)) * 100).toFixed(2)}%`;
        const node = el(
            "div.whisker",
            {role: "img", "aria-label": said.join(", "), tabindex: "-1"},
            el("span.span", {style: {left: at(low), width: at(high - low)}}),
            el("span.middle", {style: {left: at(middle)}}),
            nominal === null ? null : el("span.nominal", {style: {left: at(nominal)}}),
        );
        tip.attach(node, () => said);
        return node;
    }

    function change(value, nominal) {
        if (!nominal) return format.none;
        const part = value / nominal - 1;
        return Math.abs(part) < 0.0005 ? "±0.0 %" : `${part > 0 ? "+" : "−"}${format.percent(Math.abs(part))}`;
    }

    function figures_table(figures, kind_of) {
        const spread = figure =>
            figure.nominal
                ? Math.max(...[figure.p5, figure.p95].map(value => Math.abs(value / figure.nominal - 1)))
                : 0;
        const most = Math.min(Math.max(...figures.map(spread), 1e-9), 1);
        const place = (value, figure) => 0.5 + (value / figure.nominal - 1) / (2 * most);
        const figure_column = (title, key) => ({
            title,
            csv: key,
            value: row => row[key],
            show: row => format.text(row[key], kind_of(row)),
            class: "figure",
        });
        return Report.table({
            caption: "Figures over the samples",
            rows: figures,
            limit: 12,
            columns: [
                {title: "figure", value: row => format.words(row.metric)},
                figure_column("nominal", "nominal"),
                figure_column("P5", "p5"),
                figure_column("P50", "p50"),
                figure_column("P95", "p95"),
                {
                    title: `spread, −${format.percent(most)} to +${format.percent(most)}`,
                    csv: "largest_part_of_nominal",
                    value: row => spread(row),
                    show: row =>
                        row.nominal
                            ? whisker(place(row.p5, row), place(row.p50, row), place(row.p95, row), 0.5, [
                                  format.words(row.metric),
                                  `${change(row.p5, row.nominal)} to ${change(row.p95, row.nominal)} of the nominal figure`,
                              ])
                            : "",
                    class: "spread",
                },
                {
                    title: "of nominal",
                    value: row => `${change(row.p5, row.nominal)} to ${change(row.p95, row.nominal)}`,
                    class: "short",
                },
                {
                    title: "matters most",
                    value: row => (row.matters ? short(row.matters) : "not distinguishable"),
                    class: "short",
                },
                {
                    title: "effect, of ranks",
                    csv: "effect",
                    value: row => (row.matters ? row.effect : null),
                    show: row => (row.matters ? row.effect.toFixed(2).replace("-", "−") : format.none),
                    class: "figure",
                },
            ],
        });
    }

    // A row an assumption: what the figure becomes with it alone at either end of its range.
    function tornado(uncertainty, kind) {
        const judged = uncertainty.figures.find(figure => figure.metric === uncertainty.judged);
        if (!judged || !uncertainty.swings.length) return null;
        const known = new Map(uncertainty.assumptions.map(one => [one.paths[0], one]));
        const moved = swing => [swing.low, swing.high].filter(format.is_number).map(value => value - judged.nominal);
        const reach = swing => Math.max(0, ...moved(swing).map(Math.abs));
        const acting = uncertainty.swings.filter(swing => differs(judged.nominal + reach(swing), judged.nominal));
        const still = uncertainty.swings.length - acting.length;
        acting.sort((a, b) => reach(b) - reach(a));
        const most = Math.max(...acting.map(reach), 0) || 1;
        const piece = (value, end, range) => {
            if (!format.is_number(value)) return null;
            const width = `${((Math.abs(value - judged.nominal) / most) * 50).toFixed(2)}%`;
            const node = el("div.piece", {
                class: `piece ${end}`,
                style: {width, [value < judged.nominal ? "right" : "left"]: "50%"},
            });
            tip.attach(node, () => [`${end} end: ${range}`, format.text(value, kind), change(value, judged.nominal)]);
            return node;
        };
        return el(
            "div.tornado",
            el(
                "h3",
                `${format.words(judged.metric)} with one assumption at an end of its range, the others nominal (${format.text(judged.nominal, kind)})`,
            ),
            acting.length
                ? el(
                      "div.legend",
                      el("span.key", el("span.swatch.low", {"aria-hidden": "true"}), "low end of the range"),
                      el("span.key", el("span.swatch.high", {"aria-hidden": "true"}), "high end"),
                  )
                : null,
            acting.map(swing => {
                const one = known.get(swing.assumption) || {low: "low", high: "high"};
                const end = (value, text) =>
                    `${text}: ${format.is_number(value) ? change(value, judged.nominal) : "does not run"}`;
                const said = `${end(swing.low, one.low)}; ${end(swing.high, one.high)}`;
                return el(
                    "div.bar-row",
                    el("span.name", short(swing.assumption)),
                    el(
                        "div.track",
                        {role: "img", "aria-label": `${swing.assumption}: ${said}`},
                        piece(swing.low, "low", one.low),
                        piece(swing.high, "high", one.high),
                    ),
                    el("span.sum", said),
                );
            }),
            still
                ? el(
                      "p.says",
                      acting.length
                          ? `${format.plural(still, "other assumption")} tried alone ${still === 1 ? "changes" : "change"} nothing.`
                          : "None of the assumptions that were tried alone changes it.",
                  )
                : null,
        );
    }

    function assumptions_table(uncertainty) {
        return details(
            `All ${format.plural(uncertainty.assumptions.length, "assumption")} and their effect on ${format.words(uncertainty.judged || "the result")}`,
            Report.table({
                caption: "What was varied",
                rows: uncertainty.assumptions,
                limit: 20,
                columns: [
                    {title: "assumption", value: one => one.paths.map(short).join(", "), class: "path"},
                    {title: "nominal", key: "value"},
                    {title: "from", key: "low"},
                    {title: "to", key: "high"},
                    {title: "drawn", value: one => (one.logarithmic ? "in its logarithm" : "evenly")},
                    {
                        title: "effect, of ranks",
                        csv: "effect",
                        value: one => one.effect,
                        show: one => (one.told ? one.effect.toFixed(2).replace("-", "−") : "not distinguishable"),
                        class: "figure",
                    },
                ],
            }),
        );
    }

    const count_text = ({assumptions, samples, ran}) =>
        `${format.plural(assumptions.length, "assumption")} over their ranges at once, ${format.plural(samples, "sample")}${ran < samples ? `, ${ran} of which ran` : ""}`;

    // A sentence for the top of the page.
    function verdict(uncertainty, metrics) {
        if (!uncertainty || !(uncertainty.figures || []).length) return null;
        const first = ["step_time", "tpot", "ttft", "batch_time", uncertainty.judged];
        const figure = first.map(name => uncertainty.figures.find(one => one.metric === name)).find(Boolean);
        if (!figure) return null;
        const kind = format.kind_of(metrics.get(figure.metric) || figure);
        const matters = figure.matters
            ? `${short(figure.matters)} matters most`
            : "which of them matters most is not distinguishable";
        return `With ${count_text(uncertainty)}: ${format.words(figure.metric)} ${format.text(figure.p5, kind)} to ${format.text(figure.p95, kind)} (P5 to P95); ${matters}.`;
    }

    function run_section(uncertainty, metrics) {
        if (!uncertainty) return null;
        const kind_of = figure => format.kind_of(metrics.get(figure.metric) || figure);
        const judged = {metric: uncertainty.judged, unit: ""};
        const doubled = uncertainty.figures.some(figure => figure.metric === "step_time"); // a run of one step
        const figures = uncertainty.figures.filter(figure => !(doubled && figure.metric === "duration"));
        return section(
            "What assumptions leave open",
            "uncertainty",
            el(
                "p.says",
                `${count_text(uncertainty)}. ${kRange} "Not distinguishable": chance alone could make such an effect; more samples tell smaller ones apart. Of a spread the bar goes from P5 to P95, the stroke is P50, the dot the nominal figure.`,
            ),
            figures.length
                ? figures_table(figures, kind_of)
                : el("p", "No figure differs between the samples: none rests on what is assumed."),
            tornado(uncertainty, kind_of(judged)),
            uncertainty.certain.length
                ? el("p.says", `The same in every sample: ${uncertainty.certain.map(format.words).join(", ")}.`)
                : null,
            assumptions_table(uncertainty),
            failures_list(uncertainty.failures, "samples"),
        );
    }

    function failures_list(failures, key) {
        if (!(failures || []).length) return null;
        return details(
            "Samples that did not run, and why",
            Report.about.list(failures.map(one => `${format.plural(one[key], key.slice(0, -1))}: ${one.reason}`)),
        );
    }

    // Of a sweep: the columns that its ranking gets, by the name of a design.
    function ranking_columns(uncertainty) {
        if (!uncertainty || !(uncertainty.designs || []).length) return [];
        const known = new Map(uncertainty.designs.map(design => [design.name, design]));
        const of = row => known.get(row.name);
        const ends = uncertainty.designs.filter(design => design.ranked > 0);
        const low = Math.min(...ends.map(design => design.p5)),
            high = Math.max(...ends.map(design => design.p95));
        const place = value => (high > low ? (value - low) / (high - low) : 0.5);
        return [
            {
                title: "P5 to P95",
                csv: "gain_p5_to_p95",
                value: row => (of(row) && of(row).ranked ? `${of(row).p5.toFixed(3)} to ${of(row).p95.toFixed(3)}` : ""),
                show: row => {
                    const one = of(row);
                    if (!one || !one.ranked) return "";
                    const close = one.p95 - one.p5 < 0.05;
                    const text = value => (close ? `${value.toFixed(3)}×` : format.times(value));
                    const said = `${text(one.p5)} to ${text(one.p95)}`;
                    return el(
                        "div.ranged",
                        whisker(place(one.p5), place(one.p50), place(one.p95), null, [row.name, said]),
                        el("span", said),
                    );
                },
                class: "spread",
            },
            {
                title: "best in",
                csv: "best_in_share_of_samples",
                value: row => (of(row) ? of(row).best / (uncertainty.judged || 1) : null),
                show: row => (of(row) ? `${of(row).best} of ${uncertainty.judged}` : ""),
                class: "figure",
            },
        ];
    }

    function ranking_sentence(uncertainty) {
        const first = uncertainty && (uncertainty.designs || [])[0];
        if (!first || !uncertainty.judged) return null;
        const rivals = uncertainty.designs.slice(1).filter(design => design.best > 0);
        rivals.sort((a, b) => b.best - a.best);
        const rival = rivals.length ? `; else most often ${rivals[0].name} (${rivals[0].best})` : "";
        return `Over the ranges of ${format.plural(uncertainty.assumptions, "assumption")} the best design stays best in ${first.best} of ${format.plural(uncertainty.judged, "sample")}${rival}.`;
    }

    function sweep_section(uncertainty, data) {
        if (!uncertainty || !(uncertainty.points || []).length) return null;
        const metric_of = row => data.metric(row.metric) || {kind: "number"};
        const figure = (title, key) => ({
            title,
            csv: key,
            value: row => row[key],
            show: row => format.text(row[key], metric_of(row).kind),
            class: "figure",
        });
        return section(
            "What assumptions leave open",
            "uncertainty",
            el(
                "p.says",
                `${format.plural(uncertainty.samples, "sample")} of every point over the ranges of ${format.plural(uncertainty.assumptions, "assumption")}, ${format.plural(uncertainty.runs, "run")} in all; all designs get the same samples. ${kRange}`,
            ),
            el("p", ranking_sentence(uncertainty)),
            Report.table({
                caption: "What each point is judged by, over the samples",
                rows: uncertainty.points,
                limit: 12,
                columns: [
                    {title: "point", key: "point", kind: "count"},
                    ...data.axes.map(axis => ({
                        title: axis.name,
                        value: row => data.label(data.position.get(row.point), axis),
                    })),
                    {title: "result", value: row => format.words(row.metric)},
                    figure("nominal", "nominal"),
                    figure("P5", "p5"),
                    figure("P50", "p50"),
                    figure("P95", "p95"),
                    {
                        title: "of nominal",
                        value: row => `${change(row.p5, row.nominal)} to ${change(row.p95, row.nominal)}`,
                        class: "short",
                    },
                    {title: "samples that ran", csv: "ran", key: "ran", kind: "count"},
                ],
            }),
            failures_list(uncertainty.failures, "runs"),
        );
    }

    return {run_section, verdict, ranking_columns, ranking_sentence, sweep_section};
})();
