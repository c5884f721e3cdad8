// The verdict of a run in words, from its figures: what takes the time, what is exposed, what a change could save, whether it
// fits. A run of training brings its own sentences (training.explanation.words); the others are worded here.
Report.run_words = (() => {
    const {format} = Report;
    const {text, percent, plural, grouped} = format;

    const kExposed = ["tensor", "context", "expert", "pipeline", "data", "model"];
    const mean = (times, kind) => (times[kind] ? times[kind].mean_ps : 0);
    const exposed_of = times => kExposed.reduce((sum, kind) => sum + mean(times, kind), 0);

    const kChanges = {
        icn: "twice the ICN bandwidth",
        pcie: "twice the PCIe bandwidth",
        nic: "twice the NIC bandwidth",
        fabric: "twice the fabric's bandwidth",
        hbm: "twice the HBM bandwidth",
        matrix: "twice the peak of the matrix units",
        vector: "twice the peak of the vector lanes",
        launch: "launches that cost nothing",
        bubble: "a pipeline without bubbles",
    };
    const change = name => kChanges[name] || format.words(name);

    function memory_sentence(stages, capacity) {
        if (!stages || !stages.length || !capacity) return null;
        const most = stages.reduce((best, stage) => (stage.total_bytes > best.total_bytes ? stage : best));
        return `The fullest card holds ${text(most.total_bytes, "size")} of ${text(capacity, "size")} (${percent(most.total_bytes / capacity)}).`;
    }

    // Sentences of the explanation begin small and end without a stop, as the terminal lists them.
    function sentence(words) {
        const name = !/^[a-z'-]+[\s,:]/.test(words); // of a run or an axis: as it is written
        return (name ? words : words.charAt(0).toUpperCase() + words.slice(1)) + (/[.!?]$/.test(words) ? "" : ".");
    }

    // What begins with the name of a run or an axis stays as it is.
    const stopped = words => words + (/[.!?]$/.test(words) ? "" : ".");

    function training(result) {
        const {training: step} = result;
        const times = step.time_per_card,
            whole = step.step_time_ps;
        const headline = `A training step takes ${text(whole, "time")}: ${percent(mean(times, "compute") / whole)} computing, ${percent(exposed_of(times) / whole)} exposed communication, ${percent(mean(times, "bubble") / whole)} in bubbles.`;
        const verdict = [];
        const explained = step.explanation;
        if (explained) verdict.push(...(explained.words || []).slice(0, 4).map(sentence));
        const best =
            explained &&
            (explained.bounds || []).reduce(
                (most, bound) => (!most || bound.saves_at_most_ps > most.saves_at_most_ps ? bound : most),
                null,
            );
        if (best && best.saves_at_most_ps > 0)
            verdict.push(
                `Of the changes looked at, ${change(best.change)} could save most: at most ${percent(best.saves_at_most_ps / whole)} of the step.`,
            );
        if (!explained) {
            const largest = kExposed.reduce((a, b) => (mean(times, a) >= mean(times, b) ? a : b));
            if (mean(times, largest) > 0)
                verdict.push(
                    `Most of the exposed communication is ${largest} (${percent(mean(times, largest) / whole)} of the step).`,
                );
        }
        verdict.push(memory_sentence(step.memory_by_stage, step.memory_capacity_bytes));
        const figures = [
            ["step time", text(whole, "time"), `lower bound ${text(step.lower_bound_ps, "time")}`],
            [
                "tokens a second",
                grouped(step.rates.tokens_per_s, 0),
                `${format.figure(step.rates.tokens_per_s_per_card)} a card`,
            ],
            ["MFU", percent(step.rates.mfu), `${percent(step.rates.mfu_unmasked)} with masked pairs`],
            ["exposed communication", percent(exposed_of(times) / whole), text(exposed_of(times), "time")],
            ["bubble", percent(step.bubble.fraction), `ideal pipeline ${percent(step.bubble.ideal_fraction)}`],
        ];
        return {headline, verdict, figures};
    }

    function inference(result) {
        const {inference: step} = result;
        const whole = step.step_time_ps,
            decode = step.plan.phase === "decode";
        const binds = Object.entries(step.binds_ps)
            .filter(([name]) => name !== "slowed")
            .sort((a, b) => b[1] - a[1]);
        const what = decode
            ? `A token of every sequence takes ${text(whole, "time")} (TPOT)`
            : step.all_first_tokens_ps
              ? `The first token comes after ${text(step.all_first_tokens_ps, "time")} (TTFT), a batch every ${text(whole, "time")}`
              : `A batch takes ${text(whole, "time")}`;
        const headline = `${what}: ${binds
            .slice(0, 3)
            .filter(([, time]) => time > 0)
            .map(([name, time]) => `${percent(time / whole)} ${name}`)
            .join(", ")}.`;
        const bound = step.hbm_bound,
            verdict = [];
        if (bound)
            verdict.push(
                `Weights and cache need ${text(bound.at_streaming_ps, "time")} at the ${text(bound.streaming_bytes_per_s, "bandwidth")} that streaming HBM reaches: ${percent(bound.at_streaming_ps / whole)} of the time.`,
            );
        verdict.push(
            `Without contention for links it would take ${text(step.lower_bound_ps, "time")} at least (${percent(step.lower_bound_ps / whole)} of it).`,
        );
        if (step.experts)
            verdict.push(
                `The fullest card has ${format.times(step.experts.imbalance)} the mean of tokens for its experts.`,
            );
        verdict.push(memory_sentence(step.memory_by_stage, step.memory_capacity_bytes));
        const figures = [
            [
                decode ? "TPOT" : "time of a batch",
                text(whole, "time"),
                `lower bound ${text(step.lower_bound_ps, "time")}`,
            ],
            ["tokens a second", grouped(step.tokens_per_s, 0), `${format.figure(step.tokens_per_s_per_card)} a card`],
            ["MFU", percent(step.mfu), "of the peak of all cards"],
        ];
        if (step.cost)
            figures.push([
                "cost of a million tokens",
                text(step.cost.usd_per_million_tokens, "money"),
                `${format.figure(step.cost.low_usd_per_million_tokens)} to ${text(step.cost.high_usd_per_million_tokens, "money")}`,
            ]);
        return {headline, verdict, figures};
    }

    function collectives(result) {
        const rows = result.collectives;
        const best = rows.reduce((most, row) => (row.busbw_bytes_per_s > most.busbw_bytes_per_s ? row : most));
        const largest = rows.reduce((most, row) => (row.size_bytes > most.size_bytes ? row : most));
        const bound = largest.lower_bound_ps / largest.time_ps;
        const headline =
            rows.length === 1
                ? `${format.words(best.operation)} of ${text(best.size_bytes, "size")} among ${plural(best.ranks, "card")} takes ${text(best.time_ps, "time")}: ${text(best.busbw_bytes_per_s, "bandwidth")} of bus bandwidth.`
                : `${format.words(best.operation)} among ${plural(best.ranks, "card")} reaches ${text(best.busbw_bytes_per_s, "bandwidth")} of bus bandwidth, at ${text(best.size_bytes, "size")}.`;
        const half = rows
            .filter(row => row.operation === best.operation && row.busbw_bytes_per_s >= best.busbw_bytes_per_s / 2)
            .reduce((least, row) => (!least || row.size_bytes < least.size_bytes ? row : least), null);
        const verdict = [
            `At ${text(largest.size_bytes, "size")} the bound by injection bandwidth and latency is ${percent(bound)} of the time: ${bound > 0.9 ? "no other algorithm would be much faster" : `another algorithm or wiring could be up to ${format.times(1 / bound)} as fast`}.`,
        ];
        if (half && rows.length > 2)
            verdict.push(
                `Half of the best bandwidth is reached from ${text(half.size_bytes, "size")} on; below, latency counts: ${text(rows[0].time_ps, "time")} at ${text(rows[0].size_bytes, "size")}.`,
            );
        return {
            headline: sentence(headline),
            verdict,
            figures: [
                ["bus bandwidth", text(best.busbw_bytes_per_s, "bandwidth"), `at ${text(best.size_bytes, "size")}`],
                ["longest", text(largest.time_ps, "time"), `${text(largest.size_bytes, "size")}`],
                ["lower bound", percent(bound), "of the time of the largest"],
            ],
        };
    }

    function overlap(result) {
        const {overlap: both} = result;
        const saved = 1 - both.together_ps / both.alone_sum_ps;
        const slow = both.parts
            .map(part => ({...part, slowdown: part.together_ps / part.alone_ps - 1}))
            .reduce((a, b) => (a.slowdown >= b.slowdown ? a : b));
        return {
            headline: `Together the parts take ${text(both.together_ps, "time")}, ${percent(saved)} less than one after the other (${text(both.alone_sum_ps, "time")}).`,
            verdict: [
                `${sentence(format.words(slow.what)).slice(0, -1)} suffers most: ${percent(slow.slowdown)} slower than alone.`,
            ],
            figures: [
                ["together", text(both.together_ps, "time"), ""],
                ["one after the other", text(both.alone_sum_ps, "time"), ""],
                ["largest slowdown", percent(slow.slowdown), format.words(slow.what)],
            ],
        };
    }

    function traffic(result) {
        const {traffic: one} = result;
        const times = one.makespan_ps / one.lower_bound_ps;
        return {
            headline: `The ${plural(one.flows, "flow")} of ${format.words(one.pattern)} end after ${text(one.makespan_ps, "time")}, ${text(one.bandwidth_bytes_per_s, "bandwidth")} in all.`,
            verdict: [
                `That is ${format.times(times)} the bound of the busiest card's links (${text(one.lower_bound_ps, "time")}): ${times > 1.5 ? "links inside the network are shared" : "the cards' own links are what limits it"}.`,
                `Half of the flows end within ${text(one.completion.p50_ps, "time")}, 99 of 100 within ${text(one.completion.p99_ps, "time")}.`,
            ],
            figures: [
                ["makespan", text(one.makespan_ps, "time"), `lower bound ${text(one.lower_bound_ps, "time")}`],
                ["bandwidth", text(one.bandwidth_bytes_per_s, "bandwidth"), "all flows, one direction"],
                [
                    "99 of 100 flows",
                    text(one.completion.p99_ps, "time"),
                    `half by ${text(one.completion.p50_ps, "time")}`,
                ],
            ],
        };
    }

    function iteration(result) {
        const {iteration: one} = result;
        return {
            headline: `An iteration takes ${text(one.time_ps, "time")}: ${percent(one.compute_ps / one.time_ps)} computing, ${percent((one.exposed_tensor_ps + one.exposed_data_ps) / one.time_ps)} exposed communication.`,
            verdict: [
                `${percent(one.exposed_data_ps / one.time_ps)} waits for gradients, ${percent(one.exposed_tensor_ps / one.time_ps)} for tensor-parallel all-reduces.`,
            ],
            figures: [
                ["iteration", text(one.time_ps, "time"), `${one.layers} layers`],
                ["exposed, data", text(one.exposed_data_ps, "time"), percent(one.exposed_data_ps / one.time_ps)],
                ["exposed, tensor", text(one.exposed_tensor_ps, "time"), percent(one.exposed_tensor_ps / one.time_ps)],
            ],
        };
    }

    // Of links, from the activity: the class in which some link is busiest.
    function link_sentence(activity) {
        const tiers = (activity && activity.topology && activity.topology.tiers) || [];
        if (!tiers.length) return null;
        const tier = tiers.reduce((a, b) => (a.most >= b.most ? a : b));
        return `The busiest link is one of ${tier.title || format.words(tier.name)}: ${percent(tier.most)} of the time, the mean of its kind ${percent(tier.mean)}.`;
    }

    const kWorkloads = {training, inference, overlap, traffic, iteration};
    function of_run(result, activity) {
        const name = Object.keys(kWorkloads).find(key => result[key]);
        const words = name
            ? kWorkloads[name](result)
            : (result.collectives || []).length
              ? collectives(result)
              : {headline: `The run takes ${text(result.simulated_ps, "time")}.`, verdict: [], figures: []};
        const laws = (result.laws || []).length,
            assumed = (result.assumed || []).length;
        words.verdict.push(
            link_sentence(activity),
            `${plural(laws, "law")} of the simulation ${laws === 1 ? "was" : "were"} checked and held; ${plural(assumed, "value")} of the input ${assumed === 1 ? "is" : "are"} assumed.`,
        );
        words.verdict = words.verdict.filter(Boolean);
        return words;
    }

    return {of_run, exposed_of, change, sentence, stopped};
})();
