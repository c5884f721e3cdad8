// Where the time of each kind of workload goes: one bar that adds up, and the figures behind it.
Report.run_workloads = (() => {
    const {el, section, details} = Report.dom;
    const {format} = Report;
    const {text, percent} = format;

    const kOrder = ["compute", "optimizer", "tensor", "context", "expert", "pipeline", "data", "model", "bubble"];
    const kTitles = {
        compute: "compute",
        optimizer: "optimizer",
        tensor: "exposed: tensor",
        context: "exposed: context",
        expert: "exposed: expert",
        pipeline: "exposed: pipeline",
        data: "exposed: data",
        model: "exposed: model",
        bubble: "bubble",
    };
    const kMeans = {
        compute: "a kernel runs (communication may run beside it)",
        optimizer: "the optimizer's kernel runs",
        tensor: "no kernel; waits for a tensor-parallel collective",
        context: "no kernel; waits for context parallelism",
        expert: "no kernel; waits for tokens between experts",
        pipeline: "no kernel; waits for a pipeline message on its way",
        data: "no kernel; waits for gradients or weights",
        model: "no kernel; waits for the gradient norm or tied embeddings",
        bubble: "waits because another stage is not ready",
    };

    function per_card_table(times, whole) {
        const rows = kOrder.filter(kind => times[kind] && times[kind].max_ps > 0).map(kind => ({kind, ...times[kind]}));
        return Report.table({
            caption: "Time of a step by what a card does",
            rows,
            columns: [
                {title: "kind", value: row => kTitles[row.kind]},
                {title: "mean of cards", csv: "mean_ps", key: "mean_ps", kind: "time", bar: true},
                {title: "of step", value: row => row.mean_ps / whole, kind: "share"},
                {title: "least", csv: "min_ps", key: "min_ps", kind: "time"},
                {title: "most", csv: "max_ps", key: "max_ps", kind: "time"},
                {title: "the card", value: row => kMeans[row.kind], class: "prose"},
            ],
        });
    }

    function per_card_bar(times, whole) {
        return Report.bars.stacked(
            kOrder
                .filter(kind => times[kind])
                .map(kind => ({name: kTitles[kind], kind, value: times[kind].mean_ps, note: kMeans[kind]})),
            whole,
            "time",
            "Where the time goes, mean over cards",
        );
    }

    function bounds_table(step) {
        const rows = (step.explanation.bounds || []).map(bound => ({
            ...bound,
            what: Report.run_words.change(bound.change),
        }));
        return rows.length === 0
            ? null
            : Report.table({
                  caption: "What a change could save, at most",
                  rows,
                  sort: {column: 1, descending: true},
                  columns: [
                      {title: "change", key: "what"},
                      {
                          title: "saves at most",
                          csv: "saves_at_most_ps",
                          key: "saves_at_most_ps",
                          kind: "time",
                          bar: true,
                      },
                      {title: "of step", value: row => row.saves_at_most_ps / step.step_time_ps, kind: "share"},
                      {title: "step at least", csv: "step_at_least_ps", key: "step_at_least_ps", kind: "time"},
                  ],
              });
    }

    const kGroups = {
        tp: "tensor-parallel",
        cp: "context-parallel",
        ep: "expert-parallel",
        etp: "expert-tensor-parallel",
        dp: "data-parallel",
        edp: "expert-data-parallel",
        pp: "pipeline messages",
        model: "model-wide",
        embedding: "tied embeddings",
    };
    function groups_table(step) {
        const rows = step.explanation.communication || [];
        return rows.length === 0
            ? null
            : Report.table({
                  caption: "Communication by group",
                  rows,
                  columns: [
                      {title: "group", value: row => kGroups[row.group] || format.words(row.group)},
                      {title: "busy", csv: "busy_ps", key: "busy_ps", kind: "time"},
                      {title: "hidden beside kernels", csv: "hidden_ps", key: "hidden_ps", kind: "time"},
                      {title: "exposed", csv: "exposed_ps", key: "exposed_ps", kind: "time", bar: true},
                      {title: "late peers", csv: "late_ps", key: "late_ps", kind: "time"},
                  ],
              });
    }

    function path_table(step) {
        const path = step.explanation.path;
        return !path
            ? null
            : details(
                  "The critical path",
                  Report.table({
                      caption: `Critical path, over ${format.plural(path.hops, "hop")} between ranks`,
                      rows: path.shares,
                      columns: [
                          {
                              title: "category",
                              value: row =>
                                  [
                                      format.words(row.category),
                                      row.group ? kGroups[row.group] || row.group : "",
                                      row.link || "",
                                      row.mostly || "",
                                  ]
                                      .filter(Boolean)
                                      .join(", "),
                          },
                          {title: "time", csv: "time_ps", key: "time_ps", kind: "time", bar: true},
                          {title: "of step", value: row => row.time_ps / step.step_time_ps, kind: "share"},
                          {title: "launch, latency", csv: "fixed_ps", key: "fixed_ps", kind: "time"},
                      ],
                  }),
              );
    }

    function training_time(result) {
        const step = result.training;
        return [
            section(
                "Where the time goes",
                "time",
                per_card_bar(step.time_per_card, step.step_time_ps),
                per_card_table(step.time_per_card, step.step_time_ps),
            ),
            step.explanation
                ? section(
                      "Why, and what would help",
                      "why",
                      el("div.pair", bounds_table(step), groups_table(step)),
                      path_table(step),
                      (step.explanation.words || []).length > 4
                          ? details(
                                "All sentences of the explanation",
                                Report.about.list(step.explanation.words.map(Report.run_words.sentence)),
                            )
                          : null,
                  )
                : null,
        ];
    }

    function inference_time(result) {
        const step = result.inference,
            whole = step.step_time_ps;
        const kinds = {HBM: "hbm", "on-chip": "on_chip"};
        const parts = Object.entries(step.binds_ps)
            .map(([name, value]) => ({name, kind: kinds[name] || name, value}))
            .filter(part => part.value > whole * 1e-6)
            .sort((a, b) => b.value - a.value);
        return [
            section(
                "What binds a step",
                "time",
                Report.bars.stacked(parts, whole, "time", "What binds a step, mean over cards"),
                Report.table({
                    caption: "Time of a step by what binds it",
                    rows: parts,
                    columns: [
                        {title: "bound by", key: "name"},
                        {title: "time", key: "value", kind: "time", bar: true},
                        {title: "of step", value: part => part.value / whole, kind: "share"},
                    ],
                }),
            ),
            section(
                "What a card does",
                "card",
                per_card_bar(step.time_per_card, whole),
                per_card_table(step.time_per_card, whole),
            ),
        ];
    }

    function operators_section(step, whole) {
        const rows = step.operators || [];
        if (!rows.length) return null;
        const some = key => rows.some(row => row[key]);
        return section(
            "Operators",
            "operators",
            Report.table({
                caption: "Operators of a step, mean over cards",
                rows,
                limit: 12,
                columns: [
                    {title: "operator", key: "name"},
                    {title: "kind", key: "kind"},
                    {title: "time", csv: "mean_per_card_ps", key: "mean_per_card_ps", kind: "time", bar: true},
                    {title: "of step", value: row => row.mean_per_card_ps / whole, kind: "share"},
                    some("binds") ? {title: "bound by", key: "binds"} : null,
                    some("limit") ? {title: "busiest", key: "limit"} : null,
                    some("plan") ? {title: "how it is cut", key: "plan"} : null,
                    some("why")
                        ? {title: "longer than ideal because", value: row => (row.why || []).join("; "), class: "prose"}
                        : null,
                ].filter(column => column && (column.key !== "kind" || some("kind"))),
            }),
        );
    }

    const kMemory = [
        ["weights_bytes", "weights", "compute"],
        ["gradients_bytes", "gradients", "data"],
        ["optimizer_bytes", "optimizer", "optimizer"],
        ["activations_bytes", "activations", "expert"],
        ["cache_bytes", "KV cache", "tensor"],
        ["transient_bytes", "transient", "context"],
    ];
    function memory_section(step) {
        const stages = step.memory_by_stage || [],
            capacity = step.memory_capacity_bytes;
        if (!stages.length) return null;
        const used = kMemory.filter(([key]) => stages.some(stage => stage[key] > 0));
        const shown = stages.length <= 16 ? stages : stages.slice(0, 16);
        return section(
            "Memory of a card",
            "memory",
            Report.bars.rows(
                shown.map((stage, i) => ({
                    name: `stage ${i}`,
                    note: `${text(stage.total_bytes, "size")}, ${percent(stage.total_bytes / capacity)}`,
                    parts: used.map(([key, name, kind]) => ({name, kind, value: stage[key] || 0})),
                })),
                capacity,
                "size",
            ),
            el("p.says", `The full width is the ${text(capacity, "size")} of a card.`),
            details(
                "Memory as a table",
                Report.table({
                    caption: "Memory by pipeline stage",
                    rows: stages.map((stage, i) => ({stage: i, ...stage})),
                    columns: [
                        {title: "stage", key: "stage", kind: "count"},
                        ...used.map(([key, name]) => ({title: name, csv: key, key, kind: "size"})),
                        {title: "total", csv: "total_bytes", key: "total_bytes", kind: "size", bar: true},
                        {title: "of card", value: row => row.total_bytes / capacity, kind: "share"},
                    ],
                }),
            ),
        );
    }

    function collectives_time(result) {
        const rows = result.collectives;
        const by = new Map();
        for (const row of rows) by.set(row.operation, [...(by.get(row.operation) || []), row]);
        const series = [...by].map(([operation, list]) => ({
            name: `${format.words(operation)}, bus bandwidth`,
            points: list.map(row => ({x: row.size_bytes, y: row.busbw_bytes_per_s})),
        }));
        const times = [...by]
            .map(([operation, list], i) => [
                {
                    name: format.words(operation),
                    colour: i,
                    points: list.map(row => ({x: row.size_bytes, y: row.time_ps})),
                },
                {
                    name: `${format.words(operation)}, lower bound`,
                    colour: i,
                    dash: [3, 3],
                    radius: 0,
                    points: list.map(row => ({x: row.size_bytes, y: row.lower_bound_ps})),
                },
            ])
            .flat();
        const charts =
            rows.length < 2
                ? null
                : el(
                      "div.pair",
                      Report.charts.figure({
                          type: "line",
                          title: "Bus bandwidth",
                          table: false,
                          legend: true,
                          x: {title: "size", kind: "size", log: true},
                          y: {title: "bus bandwidth", kind: "bandwidth", zero: true},
                          series,
                          says: "As nccl-tests counts it; the table below holds the figures.",
                      }),
                      Report.charts.figure({
                          type: "line",
                          title: "Time",
                          table: false,
                          x: {title: "size", kind: "size", log: true},
                          y: {title: "time", kind: "time", log: true},
                          series: times,
                          says: "The bound counts injection bandwidth and the shortest latency, not the algorithm.",
                      }),
                  );
        return [
            section(
                "Collectives",
                "time",
                charts,
                Report.table({
                    caption: "Collectives by size",
                    rows,
                    limit: 30,
                    columns: [
                        {title: "operation", key: "operation"},
                        {
                            title: "size",
                            csv: "size_B",
                            key: "size_bytes",
                            kind: "size",
                            show: row => text(row.size_bytes, "size"),
                        },
                        {title: "ranks", key: "ranks", kind: "count"},
                        {title: "time", csv: "time_ps", key: "time_ps", kind: "time"},
                        {title: "lower bound", value: row => row.lower_bound_ps / row.time_ps, kind: "share"},
                        {title: "algbw", csv: "algbw_B_per_s", key: "algbw_bytes_per_s", kind: "bandwidth"},
                        {title: "busbw", csv: "busbw_B_per_s", key: "busbw_bytes_per_s", kind: "bandwidth", bar: true},
                        rows.some(row => row.algorithm)
                            ? {
                                  title: "algorithm",
                                  value: row => [row.algorithm, row.protocol].filter(Boolean).join(", "),
                              }
                            : null,
                    ],
                }),
            ),
        ];
    }

    function overlap_time(result) {
        const both = result.overlap;
        const whole = Math.max(both.alone_sum_ps, both.together_ps);
        return [
            section(
                "Where the time goes",
                "time",
                Report.bars.rows(
                    [
                        {
                            name: "one after the other",
                            note: text(both.alone_sum_ps, "time"),
                            parts: both.parts.map(part => ({
                                name: part.what,
                                kind: part.size_bytes ? "tensor" : "compute",
                                value: part.alone_ps,
                            })),
                        },
                        ...both.parts.map(part => ({
                            name: `${part.what}, together`,
                            note: text(part.together_ps, "time"),
                            parts: [
                                {
                                    name: part.what,
                                    kind: part.size_bytes ? "tensor" : "compute",
                                    value: part.together_ps,
                                },
                            ],
                        })),
                    ],
                    whole,
                    "time",
                ),
                Report.table({
                    caption: "Parts alone and together",
                    rows: both.parts,
                    columns: [
                        {title: "part", key: "what"},
                        {title: "size", csv: "size_bytes", value: part => part.size_bytes || null, kind: "size"},
                        {title: "alone", csv: "alone_ps", key: "alone_ps", kind: "time"},
                        {title: "together", csv: "together_ps", key: "together_ps", kind: "time"},
                        {
                            title: "slower",
                            value: part => part.together_ps / part.alone_ps - 1,
                            kind: "share",
                            bar: true,
                        },
                    ],
                }),
            ),
        ];
    }

    function traffic_time(result) {
        const {completion, makespan_ps} = result.traffic;
        const rows = [
            ["first flow", completion.first_ps],
            ["mean", completion.mean_ps],
            ["half of the flows", completion.p50_ps],
            ["9 of 10", completion.p90_ps],
            ["99 of 100", completion.p99_ps],
            ["last flow", makespan_ps],
        ].map(([what, time]) => ({what, time}));
        return [
            section(
                "When the flows end",
                "time",
                Report.table({
                    caption: "Completion of flows, from their common start",
                    rows,
                    columns: [
                        {title: "flows", key: "what"},
                        {title: "ended by", key: "time", kind: "time", bar: true},
                        {title: "of makespan", value: row => row.time / makespan_ps, kind: "share"},
                    ],
                }),
            ),
        ];
    }

    function iteration_time(result) {
        const one = result.iteration;
        const parts = [
            {name: "compute", kind: "compute", value: one.compute_ps},
            {name: "exposed: tensor", kind: "tensor", value: one.exposed_tensor_ps},
            {name: "exposed: data", kind: "data", value: one.exposed_data_ps},
        ];
        const rest = one.time_ps - parts.reduce((sum, part) => sum + part.value, 0);
        if (rest > one.time_ps * 0.001) parts.push({name: "other waiting", kind: "bubble", value: rest});
        return [
            section(
                "Where the time goes",
                "time",
                Report.bars.stacked(parts, one.time_ps, "time", "Where the time of an iteration goes"),
                Report.table({
                    caption: "Time of an iteration, mean over ranks",
                    rows: parts,
                    columns: [
                        {title: "kind", key: "name"},
                        {title: "time", key: "value", kind: "time", bar: true},
                        {title: "of iteration", value: part => part.value / one.time_ps, kind: "share"},
                    ],
                }),
            ),
        ];
    }

    function sections(result) {
        if (result.training)
            return [
                ...training_time(result),
                operators_section(result.training, result.training.step_time_ps),
                memory_section(result.training),
            ];
        if (result.inference)
            return [
                ...inference_time(result),
                operators_section(result.inference, result.inference.step_time_ps),
                memory_section(result.inference),
            ];
        if (result.overlap) return overlap_time(result);
        if (result.traffic) return traffic_time(result);
        if (result.iteration) return iteration_time(result);
        return (result.collectives || []).length ? collectives_time(result) : [];
    }

    return {sections, per_card_bar, kTitles, kOrder, groups: kGroups};
})();
