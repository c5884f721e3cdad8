// A sweep as the page asks for it: points as indices into columns, and which of them the filters let through.
Report.sweep_data = (() => {
    const {format} = Report;

    const name_of = one => (typeof one === "string" ? one : one && one.metric);

    class SweepData {
        constructor(sweep) {
            this.sweep = sweep;
            this.axes = sweep.axes.map((axis, index) => {
                const numbers = axis.numbers || [];
                return {
                    ...axis,
                    index,
                    // Choices may stand for numbers that are not what they are told apart by: eight chips, 256 cards each.
                    is_numeric:
                        axis.values.length > 1 &&
                        axis.values.every((label, i) => format.is_number(numbers[i]) && /^[-\d.]/.test(label)) &&
                        new Set(numbers).size === axis.values.length,
                };
            });
            this.metrics = sweep.metrics.map(metric => ({
                ...metric,
                kind: format.kind_of(metric),
                title: format.words(metric.name),
            }));
            this.by_name = new Map(this.metrics.map(metric => [metric.name, metric]));
            this.count = sweep.columns.point.length;
            this.all = Array.from({length: this.count}, (_, i) => i);
            this.objectives = (sweep.objectives || []).map(name_of).filter(name => this.by_name.has(name));
            this.constraints = (sweep.constraints || []).map(one =>
                typeof one === "string" ? one : one.text || one.metric,
            );
            this.position = new Map(sweep.columns.point.map((number, i) => [number, i])); // of a point's number
            this.allowed = this.axes.map(axis => new Set(axis.values.keys()));
            this.stages = sweep.stages || []; // of successive halving
            this.allowed_stages = new Set(this.stages.keys());
            this.design_metrics = this.gains((sweep.analysis || {}).ranking);
            this.design_metrics.forEach(metric => this.by_name.set(metric.name, metric));
            this.listeners = [];
        }

        // With several loads no result of the points says how good a design is: its gains do. Each of them stands at the
        // points of its design, so that it can be drawn like any other result.
        gains(ranking) {
            this.gain_values = {};
            if (!ranking || ranking.loads.length < 2) return [];
            const ranked = ranking.designs.filter(design => format.is_number(design.score));
            const against = ranking.reference ? `${ranking.reference}` : "the best design";
            const fill = (name, title, meaning, pick) => {
                const values = (this.gain_values[name] = new Array(this.count).fill(null));
                for (const design of ranked)
                    design.points.forEach((number, l) => {
                        const at = this.position.get(number);
                        if (at !== undefined) values[at] = pick(design, l);
                    });
                return {name, title, meaning, column: name.replace(/\W+/g, "_"), kind: "ratio", better: "higher"};
            };
            const how = `how many times as good as ${against}`;
            return [
                fill("mean gain", "mean gain", `geometric mean over the loads of ${how}`, design => design.score),
                fill("gain", "gain at the load", `${how}, at the point's load`, (design, l) => design.gains[l]),
                ...ranking.loads.map((load, l) => ({
                    ...fill(`gain, ${this.load_name(load)}`, "", how, design => design.gains[l]),
                    title: `gain, ${this.load_name(load)}`,
                    of_design: true,
                })),
            ].map((metric, i) => (i === 0 ? {...metric, of_design: true} : metric));
        }
        // "load training" is "training" where there is one axis of loads.
        load_name(load) {
            const axes = this.axes.filter(axis => axis.role === "load");
            return axes.length === 1 && load.startsWith(`${axes[0].name} `) ? load.slice(axes[0].name.length + 1) : load;
        }

        metric(name) {
            return this.by_name.get(name);
        }
        value(i, name) {
            const values = this.gain_values[name] || this.sweep.columns.values[name];
            const value = values ? values[i] : null;
            return format.is_number(value) ? value : null;
        }
        choice(i, axis) {
            return this.sweep.columns.choice[i][axis.index];
        }
        label(i, axis) {
            return axis.values[this.choice(i, axis)];
        }
        number(i) {
            return this.sweep.columns.point[i];
        }
        word(i, column) {
            const {words, index} = this.sweep.columns[column];
            return words[index[i]];
        }
        ran(i) {
            return this.word(i, "status") === "ok";
        }
        name(i) {
            return this.axes.map(axis => `${axis.name} ${this.label(i, axis)}`).join(", ");
        }

        stage(i) {
            return this.sweep.columns.stage[i] || 0;
        }
        // Left by successive halving: its figures are those of an earlier stage.
        left_early(i) {
            return this.stages.length > 1 && this.stage(i) < this.stages.length - 1;
        }

        passes(i) {
            return (
                this.axes.every(axis => this.allowed[axis.index].has(this.choice(i, axis))) &&
                (this.stages.length < 2 || this.allowed_stages.has(this.stage(i)))
            );
        }
        filtered() {
            return this.all.filter(i => this.passes(i));
        }
        shown() {
            return this.filtered().filter(i => this.ran(i));
        }
        is_filtered() {
            return (
                this.axes.some(axis => this.allowed[axis.index].size < axis.values.length) ||
                this.allowed_stages.size < this.stages.length
            );
        }

        on_filter(listener) {
            this.listeners.push(listener);
        }
        changed() {
            this.listeners.forEach(listener => listener());
        }

        // Metrics worth showing first: objectives, then those that can be better or worse, then the rest.
        ordered_metrics() {
            const place = metric => this.objectives.indexOf(metric.name);
            const rank = metric => (place(metric) >= 0 ? place(metric) - 1e3 : metric.better !== "neither" ? 1 : 2);
            return [...this.metrics].sort((a, b) => rank(a) - rank(b));
        }
        // What a picture shows first: how good designs are.
        first_metric(of_design) {
            const at = of_design ? 0 : 1;
            const judged = ((this.sweep.analysis || {}).ranking || {metrics: []}).metrics[0];
            return this.design_metrics[at] || this.metric(this.objectives[0] || judged) || this.ordered_metrics()[0];
        }
        // Axes of designs, those first that change most.
        effect_of(axis) {
            return ((this.sweep.analysis || {}).effects || [])
                .filter(effect => effect.axis === axis.name)
                .reduce((sum, effect) => sum + (effect.share || 0), 0);
        }
        axes_by_effect() {
            return this.axes
                .filter(axis => axis.role !== "load" && axis.values.length > 1)
                .sort((a, b) => this.effect_of(b) - this.effect_of(a));
        }
        metric_options() {
            return [...this.design_metrics, ...this.ordered_metrics()].map(metric => [
                metric.name,
                `${metric.title}${metric.better === "neither" ? "" : `, ${metric.better} is better`}`,
            ]);
        }

        better(metric, a, b) {
            return metric.better === "higher" ? a > b : a < b;
        }

        // One figure of many points: the best, the worst or their mean. A metric that cannot be better has its mean.
        together(points, metric, how) {
            const all = points.map(i => ({i, value: this.value(i, metric.name)})).filter(one => one.value !== null);
            if (all.length === 0) return null;
            const last = Math.max(...all.map(one => this.stage(one.i))); // figures of two stages do not compare
            const known = all.filter(one => this.stage(one.i) === last);
            if (how === "mean" || metric.better === "neither")
                return {
                    value: known.reduce((sum, one) => sum + one.value, 0) / known.length,
                    i: known[0].i,
                    count: known.length,
                };
            const wanted =
                how === "worst"
                    ? (a, b) => this.better(metric, b.value, a.value)
                    : (a, b) => this.better(metric, a.value, b.value);
            const chosen = known.reduce((best, one) => (wanted(one, best) ? one : best));
            return {...chosen, count: known.length};
        }

        // Those of `points` that no other beats in both metrics.
        front(points, x, y) {
            const known = points.filter(i => this.value(i, x.name) !== null && this.value(i, y.name) !== null);
            const sign = metric => (metric.better === "higher" ? -1 : 1);
            const sorted = known
                .map(i => ({i, x: sign(x) * this.value(i, x.name), y: sign(y) * this.value(i, y.name)}))
                .sort((a, b) => a.x - b.x || a.y - b.y);
            const front = [];
            let least = Infinity;
            for (const one of sorted) {
                if (one.y < least) {
                    front.push(one.i);
                    least = one.y;
                }
            }
            return front;
        }
    }

    return {SweepData, name_of};
})();
