// The page of one run, and the head that every page has: title, facts, headline, verdict, figures.
Report.run_page = (() => {
    const {el, facts, section} = Report.dom;
    const {format} = Report;

    function head({title, kind, pairs, headline, verdict, figures, warnings}) {
        return el(
            "header.head",
            el("p.kind", kind),
            el("h1", title),
            facts(pairs),
            el(
                "div.verdict",
                el("p.headline", headline),
                (verdict || []).length
                    ? el(
                          verdict.length > 5 ? "ul.many" : "ul",
                          verdict.map(one => el("li", one)),
                      )
                    : null,
            ),
            (figures || []).length
                ? el(
                      "dl.figures",
                      figures.map(([name, value, note]) =>
                          el("div", el("dt", name), el("dd", value), note ? el("dd.note", note) : null),
                      ),
                  )
                : null,
            (warnings || []).length
                ? el(
                      "div.warnings",
                      {role: "note", "aria-label": "Warnings"},
                      warnings.length === 1
                          ? el("p", el("strong", "Warning: "), warnings[0])
                          : [el("p", el("strong", format.plural(warnings.length, "warning"))), Report.about.list(warnings)],
                  )
                : null,
        );
    }

    function plan_text(result) {
        const step = result.training || result.inference;
        if (!step) return null;
        const plan = step.plan;
        const degrees = [
            ["tensor", plan.tensor_parallel],
            ["context", plan.context_parallel],
            ["data", plan.data_parallel],
            ["pipeline", plan.pipeline_parallel],
            ["expert", plan.expert_parallel],
        ]
            .filter(([name, degree]) => degree > 1 || (name !== "context" && name !== "expert"))
            .map(([name, degree]) => `${name} ${degree}`)
            .join(" × ");
        if (result.training)
            return `${degrees}; ${format.plural(plan.global_batch_sequences, "sequence")} of ${format.plural(plan.sequence_length_tokens, "token")}, ${format.plural(plan.micro_batches, "micro-batch", "micro-batches")}, ${plan.schedule}, recompute ${plan.recompute}, ZeRO ${plan.zero_stage}`;
        return `${plan.phase}, ${degrees}; ${format.plural(plan.batch_sequences, "sequence")} at ${format.plural(plan.context_tokens, "token")} of context, weights ${plan.weight_type}`;
    }

    const kUnknown =
        "activity.json is not among the files of this result, so it is not known what the links and ranks did. A run writes it; run the scenario again.";

    const kOverlap = " Over all of the run: each part alone, one after the other, then all together.";

    function activity_sections(activity, result) {
        if (!activity) return [section("Links and ranks over time", "load", el("p", kUnknown))];
        return [
            Report.links.load_section(activity, "The run tells nothing of it.", result.overlap ? kOverlap : ""),
            Report.links.time_section(activity, "The run tells nothing of it."),
            Report.timeline.section_of(activity, "The run tells nothing of it."),
        ];
    }

    function build(data) {
        const {result, activity, manifest} = data;
        const words = Report.run_words.of_run(result, activity);
        const metrics = new Map((data.metrics || []).map(metric => [metric.name, metric]));
        words.verdict.push(Report.uncertainty.verdict(data.uncertainty, metrics));
        words.verdict = words.verdict.filter(Boolean);
        const step = result.training || result.inference;
        const top = head({
            title: result.title || result.name,
            kind: "Result of a run",
            headline: words.headline,
            verdict: words.verdict,
            figures: words.figures,
            pairs: [
                ["cluster", `${result.cluster}, ${format.plural(result.cards, "card")}`],
                ["model", step && step.model],
                ["plan", plan_text(result)],
                ["fidelity", Report.about.fidelity_text(result.fidelity)],
                [
                    "not as built",
                    (result.changes || []).length
                        ? `${format.plural(result.changes.length, "change")}: ${result.changes.slice(0, 3).join("; ")}${result.changes.length > 3 ? " ..." : ""}`
                        : null,
                ],
            ],
        });
        const sections = [
            ...Report.run_workloads.sections(result),
            Report.uncertainty.run_section(data.uncertainty, metrics),
            ...activity_sections(activity, result),
            Report.links.busiest_section(result),
            Report.about.algorithms_section(result),
            Report.about.assumed_section(result.assumed),
            Report.about.trust_section(result),
            Report.about.statistics_section(result),
        ];
        return {
            top,
            sections,
            foot: Report.about.footer(
                manifest,
                "result.json, ops.csv and links.csv in the same folder hold every figure; docs/results.md says what each means.",
            ),
        };
    }

    return {build, head};
})();
