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
                    is_numeric: axis.values.length > 1 && axis.values.every((_, i) => format.is_number(numbers[i])),
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
            this.listeners = [];
        }

        metric(name) {
            return this.by_name.get(name);
        }
        value(i, name) {
            const values = this.sweep.columns.values[name];
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

        passes(i) {
            return this.axes.every(axis => this.allowed[axis.index].has(this.choice(i, axis)));
        }
        filtered() {
            return this.all.filter(i => this.passes(i));
        }
        shown() {
            return this.filtered().filter(i => this.ran(i));
        }
        is_filtered() {
            return this.axes.some(axis => this.allowed[axis.index].size < axis.values.length);
        }

        on_filter(listener) {
            this.listeners.push(listener);
        }
        changed() {
            this.listeners.forEach(listener => listener());
        }

        // Metrics worth showing first: objectives, then those that can be better or worse, then the rest.
        ordered_metrics() {
            const rank = metric => (this.objectives.includes(metric.name) ? 0 : metric.better !== "neither" ? 1 : 2);
            return [...this.metrics].sort((a, b) => rank(a) - rank(b));
        }
        metric_options() {
            return this.ordered_metrics().map(metric => [
                metric.name,
                `${metric.title}${metric.better === "neither" ? "" : `, ${metric.better} is better`}`,
            ]);
        }

        better(metric, a, b) {
            return metric.better === "higher" ? a > b : a < b;
        }

        // One figure of many points: the best, the worst or their mean. A metric that cannot be better has its mean.
        together(points, metric, how) {
            const known = points.map(i => ({i, value: this.value(i, metric.name)})).filter(one => one.value !== null);
            if (known.length === 0) return null;
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
