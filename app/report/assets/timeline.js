// What representative ranks did, over time, on a canvas: a row a rank, a lane a kind of work. Buttons, keys, the wheel over a
// focused picture and dragging move it. Slices narrower than a pixel are merged by drawing order, the longest on top.
Report.timeline = (() => {
    const {el, section, tip} = Report.dom;
    const {format, colours} = Report;
    const kGutter = 150,
        kAxis = 24,
        kLane = 16,
        kGap = 8,
        kTitle = 19;

    class Timeline {
        constructor(ranks, elapsed) {
            this.ranks = ranks;
            this.end = elapsed || 1;
            this.from = 0;
            this.to = this.end;
            this.lanes = [];
            let y = kAxis;
            for (const row of ranks.rows) {
                this.lanes.push({row, title: true, y});
                y += kTitle;
                for (const lane of row.lanes) {
                    this.lanes.push({row, lane, y});
                    y += kLane + 2;
                }
                y += kGap;
            }
            this.height = y;
            this.canvas = el("canvas", {
                tabindex: "0",
                role: "img",
                "aria-label": `Timeline of ${format.plural(ranks.rows.length, "rank")} over ${format.text(this.end, "time")}. Plus and minus zoom, left and right move, Home shows all; up and down choose a lane, comma and full stop the span before and after. The table below holds the sums.`,
            });
            this.readout = el("span.readout");
            this.listen();
        }

        width() {
            return this.canvas.parentElement ? this.canvas.parentElement.clientWidth : 900;
        }
        x_of(time) {
            return kGutter + ((time - this.from) / (this.to - this.from)) * (this.width() - kGutter);
        }
        time_at(x) {
            return this.from + ((x - kGutter) / (this.width() - kGutter)) * (this.to - this.from);
        }

        show(from, to) {
            const least = Math.max(this.end * 1e-7, 1000);
            const span = Math.min(Math.max(to - from, least), this.end);
            const start = Math.max(0, Math.min(from, this.end - span));
            this.from = start;
            this.to = start + span;
            this.readout.textContent = `${format.text(this.from, "time")} to ${format.text(this.to, "time")}`;
            this.draw();
        }
        zoom(factor, around) {
            const centre = around === undefined ? (this.from + this.to) / 2 : around;
            this.show(centre - (centre - this.from) * factor, centre + (this.to - centre) * factor);
        }
        pan(part) {
            const step = (this.to - this.from) * part;
            this.show(this.from + step, this.to + step);
        }

        listen() {
            const {canvas} = this;
            canvas.addEventListener("blur", () => this.leave());
            canvas.addEventListener("keydown", event => {
                const action = {
                    ArrowDown: () => this.step_lane(1),
                    ArrowUp: () => this.step_lane(-1),
                    ".": () => this.step_slice(1),
                    ",": () => this.step_slice(-1),
                    Escape: () => this.leave(),
                    "+": () => this.zoom(0.5),
                    "=": () => this.zoom(0.5),
                    "-": () => this.zoom(2),
                    ArrowLeft: () => this.pan(-0.2),
                    ArrowRight: () => this.pan(0.2),
                    Home: () => this.show(0, this.end),
                }[event.key];
                if (!action) return;
                event.preventDefault();
                action();
            });
            canvas.addEventListener(
                "wheel",
                event => {
                    if (document.activeElement !== canvas && !event.ctrlKey) return; // the page scrolls until the picture is chosen
                    event.preventDefault();
                    this.zoom(event.deltaY > 0 ? 1.25 : 0.8, this.time_at(event.offsetX));
                },
                {passive: false},
            );
            let held = null;
            canvas.addEventListener("pointerdown", event => {
                held = {x: event.offsetX, from: this.from};
                canvas.setPointerCapture(event.pointerId);
            });
            canvas.addEventListener("pointerup", () => {
                held = null;
            });
            canvas.addEventListener("pointermove", event => {
                if (held) {
                    const moved = ((held.x - event.offsetX) / (this.width() - kGutter)) * (this.to - this.from);
                    return this.show(held.from + moved, held.from + moved + (this.to - this.from));
                }
                return this.hover(event);
            });
            canvas.addEventListener("pointerleave", tip.hide);
        }

        hover(event) {
            const found = this.slice_at(event.offsetX, event.offsetY);
            if (!found) return tip.hide();
            return tip.show(event.clientX, event.clientY, this.words_of(found.row, found.slice));
        }
        words_of(row, [start, duration, label]) {
            const what = this.ranks.labels[label];
            return [
                what.name,
                format.words(what.kind),
                format.text(duration, "time"),
                `from ${format.text(start, "time")}`,
                `rank ${row.rank}, ${row.name}`,
            ];
        }

        // What the pointer does by hovering, keys do by a cursor: a lane, and a slice of it.
        filled_lanes() {
            return this.lanes.filter(one => one.lane && one.lane.slices.length);
        }
        step_lane(by) {
            const lanes = this.filled_lanes();
            if (!lanes.length) return;
            const now = this.cursor;
            const at = now ? Math.max(0, Math.min(lanes.length - 1, lanes.indexOf(now.lane) + by)) : 0;
            const time = now ? now.lane.lane.slices[now.index][0] : this.from;
            const slices = lanes[at].lane.slices;
            const found = slices.findIndex(([start, duration]) => start + duration > time);
            this.point_at(lanes[at], found < 0 ? slices.length - 1 : found);
        }
        step_slice(by) {
            if (!this.cursor) return this.step_lane(0);
            const {lane, index} = this.cursor;
            return this.point_at(lane, Math.max(0, Math.min(lane.lane.slices.length - 1, index + by)));
        }
        point_at(lane, index) {
            this.cursor = {lane, index};
            const [start, duration] = lane.lane.slices[index];
            const span = this.to - this.from;
            if (start + duration < this.from || start > this.to) this.show(start - span / 4, start + span * 0.75);
            else this.draw();
            const box = this.canvas.getBoundingClientRect();
            const middle = (Math.max(start, this.from) + Math.min(start + duration, this.to)) / 2;
            const words = this.words_of(lane.row, lane.lane.slices[index]);
            tip.show(box.left + this.x_of(middle), box.top + lane.y + kLane, words);
            Report.dom.say(words.join(", "));
        }
        leave() {
            tip.hide();
            if (!this.cursor) return;
            this.cursor = null;
            this.draw();
        }
        draw_cursor(pen, width) {
            if (!this.cursor) return;
            const {lane, index} = this.cursor;
            const [start, duration] = lane.lane.slices[index];
            const left = Math.max(kGutter, this.x_of(start)),
                right = Math.min(width, this.x_of(start + duration));
            pen.strokeStyle = colours.css("--ink");
            pen.lineWidth = 2;
            pen.strokeRect(left, lane.y, Math.max(right - left, 3), kLane);
        }

        slice_at(x, y) {
            const lane = this.lanes.find(one => one.lane && y >= one.y && y < one.y + kLane);
            if (!lane || x < kGutter) return null;
            const time = this.time_at(x),
                slack = this.time_at(x + 1) - time;
            const slice = lane.lane.slices.find(
                ([start, duration]) => time >= start - slack && time < start + duration + slack,
            );
            return slice ? {row: lane.row, slice} : null;
        }

        draw() {
            const width = this.width(),
                ratio = window.devicePixelRatio || 1;
            if (!width) return;
            Object.assign(this.canvas, {width: width * ratio, height: this.height * ratio});
            this.canvas.style.height = `${this.height}px`;
            const pen = this.canvas.getContext("2d");
            pen.scale(ratio, ratio);
            pen.clearRect(0, 0, width, this.height);
            pen.font = "12px system-ui, sans-serif";
            pen.textBaseline = "middle";
            this.draw_axis(pen, width);
            for (const lane of this.lanes) this.draw_lane(pen, lane, width);
            this.draw_cursor(pen, width);
        }

        draw_axis(pen, width) {
            const span = this.to - this.from;
            const rough = span / Math.max(2, (width - kGutter) / 110);
            const power = 10 ** Math.floor(Math.log10(rough));
            const step = [1, 2, 5, 10].find(one => one * power >= rough) * power;
            pen.textAlign = "center";
            for (let time = Math.ceil(this.from / step) * step; time <= this.to; time += step) {
                const x = Math.round(this.x_of(time)) + 0.5;
                pen.strokeStyle = colours.css("--grid");
                pen.beginPath();
                pen.moveTo(x, kAxis - 4);
                pen.lineTo(x, this.height);
                pen.stroke();
                pen.fillStyle = colours.css("--ink-soft");
                if (x < width - 24) pen.fillText(format.text(time, "time"), Math.max(x, kGutter + 12), 9);
            }
        }

        draw_lane(pen, lane, width) {
            pen.textAlign = "left";
            if (lane.title) {
                pen.fillStyle = colours.css("--ink");
                pen.fillText(`rank ${lane.row.rank} (${lane.row.name})`, 0, lane.y + kTitle / 2);
                return;
            }
            pen.fillStyle = colours.css("--ink-soft");
            pen.fillText(lane.lane.name, 10, lane.y + kLane / 2, kGutter - 16);
            pen.fillStyle = colours.css("--faint");
            pen.fillRect(kGutter, lane.y, width - kGutter, kLane);
            for (const [start, duration, label] of lane.lane.slices) {
                if (start > this.to || start + duration < this.from) continue;
                const left = Math.max(kGutter, this.x_of(start)),
                    right = Math.min(width, this.x_of(start + duration));
                const what = this.ranks.labels[label] || {name: "", kind: "other"};
                pen.fillStyle = this.colour(what.kind);
                pen.fillRect(left, lane.y, Math.max(right - left - (right - left > 4 ? 1 : 0), 0.6), kLane);
                if (right - left > 44) this.label(pen, what, left, right, lane.y);
            }
        }

        colour(kind) {
            if (!this.known) this.known = new Map();
            if (!this.known.has(kind)) this.known.set(kind, colours.kind(kind));
            return this.known.get(kind);
        }

        label(pen, what, left, right, y) {
            pen.save();
            pen.beginPath();
            pen.rect(left, y, right - left - 3, kLane);
            pen.clip();
            const [r, g, b] = this.colour(what.kind)
                .match(/[\da-f]{2}/gi)
                .map(part => parseInt(part, 16));
            pen.fillStyle = 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#16191d" : "#ffffff";
            pen.font = "11px system-ui, sans-serif";
            pen.fillText(what.name, left + 4, y + kLane / 2 + 0.5);
            pen.restore();
        }
    }

    function sums(ranks) {
        return ranks.rows.flatMap(row =>
            row.lanes.flatMap(lane => {
                const by_label = new Map();
                for (const [, duration, label] of lane.slices) {
                    const sum = by_label.get(label) || {time: 0, slices: 0};
                    sum.time += duration;
                    sum.slices += 1;
                    by_label.set(label, sum);
                }
                return [...by_label].map(([label, sum]) => ({
                    rank: row.rank,
                    name: row.name,
                    lane: lane.name,
                    what: ranks.labels[label].name,
                    kind: ranks.labels[label].kind,
                    ...sum,
                }));
            }),
        );
    }

    function section_of(activity, reason) {
        const ranks = activity && activity.ranks;
        if (!ranks || !(ranks.rows || []).length)
            return section("Timeline", "timeline", el("p", (ranks && ranks.reason) || reason));
        const lines = new Timeline(ranks, activity.elapsed_ps);
        const kinds = [...new Set(ranks.labels.map(label => label.kind))];
        const button = (text, says, action) =>
            el("button.control", {type: "button", "aria-label": says, onclick: action}, text);
        const node = section(
            "Timeline of representative ranks",
            "timeline",
            el(
                "div.tools.controls",
                button("+", "Zoom in", () => lines.zoom(0.5)),
                button("−", "Zoom out", () => lines.zoom(2)),
                button("◂", "Move to earlier", () => lines.pan(-0.4)),
                button("▸", "Move to later", () => lines.pan(0.4)),
                button("All", "Show the whole run", () => lines.show(0, lines.end)),
                lines.readout,
            ),
            el(
                "div.legend",
                kinds.map(kind => Report.bars.key(format.words(kind), colours.kind_variable(kind))),
            ),
            el("div.timeline", lines.canvas),
            el(
                "p.says",
                `${ranks.resolution_ps > 0 ? `Spans shorter than ${format.text(ranks.resolution_ps, "time")} are merged. ` : ""}${ranks.rows_left_out ? `${format.plural(ranks.rows_left_out, "rank")} more in activity.json. ` : ""}Click the picture, then the wheel zooms and dragging moves it; the keys ↑ ↓ , and . go through lanes and spans.`,
            ),
            Report.dom.details(
                "Sums as a table",
                Report.table({
                    caption: "Time of what ranks did",
                    rows: sums(ranks),
                    limit: 15,
                    sort: {column: 5, descending: true},
                    columns: [
                        {title: "rank", key: "rank"},
                        {title: "position", key: "name"},
                        {title: "lane", key: "lane"},
                        {title: "what", key: "what"},
                        {title: "kind", key: "kind"},
                        {title: "time", key: "time", kind: "time", bar: true},
                        {title: "spans", key: "slices", kind: "count"},
                    ],
                }),
            ),
        );
        node.classList.add("themed");
        node.addEventListener("report-theme", () => {
            lines.known = null;
            lines.draw();
        });
        window.addEventListener("resize", () => lines.draw());
        Report.after_mount(() => lines.show(0, lines.end));
        node.report_timeline = lines;
        return node;
    }

    return {section_of};
})();
