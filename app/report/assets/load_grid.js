// Load of many links as a grid of cells, one a server, switch or group: 16,384 cards are 1,024 cells. Pointer or arrow keys
// tell a cell's figures; the busiest cells stand in a table too.
Report.load_grid = (() => {
    const {el, svg, tip, details} = Report.dom;
    const {format, colours} = Report;
    const kWidth = 480;

    function columns_for(count) {
        if (count <= 16) return Math.max(count, 1);
        // Round numbers of cells a row, so that the eye can count.
        const wanted = Math.sqrt(count * 1.6);
        const round = [8, 16, 20, 24, 32, 40, 48, 64];
        const whole = round.filter(columns => count % columns === 0 && columns > wanted / 2 && columns < wanted * 2);
        return (whole.length ? whole : round).reduce((best, columns) =>
            Math.abs(columns - wanted) < Math.abs(best - wanted) ? columns : best,
        );
    }

    function lines_of(cell) {
        return [
            cell.name,
            `mean ${format.percent(cell.mean)}, busiest link ${format.percent(cell.most)}`,
            cell.busiest ? `busiest: ${cell.busiest}` : null,
            `${format.plural(cell.links, "link direction")}`,
        ];
    }

    class Grid {
        constructor(tier) {
            this.tier = tier;
            this.cells = tier.cells || [];
            this.columns = columns_for(this.cells.length);
            this.size = Math.min(44, kWidth / this.columns);
            this.at = 0;
            this.readout = el("p.readout", {"aria-live": "polite"});
            this.picture = this.draw();
            this.say(this.busiest());
            this.node = el("div.grid", this.picture, this.readout);
        }

        busiest() {
            return this.cells.reduce((best, cell, i) => (cell.most > this.cells[best].most ? i : best), 0);
        }

        draw() {
            const rows = Math.ceil(this.cells.length / this.columns);
            const gap = this.size > 12 ? 1.5 : 0.75;
            this.frame = svg("rect", {class: "cursor", width: this.size, height: this.size, visibility: "hidden"});
            this.squares = this.cells.map((_cell, i) =>
                svg("rect", {
                    class: "cell",
                    x: (i % this.columns) * this.size + gap / 2,
                    y: Math.floor(i / this.columns) * this.size + gap / 2,
                    width: this.size - gap,
                    height: this.size - gap,
                }),
            );
            const width = this.columns * this.size,
                height = rows * this.size;
            const picture = svg(
                "svg",
                {
                    viewBox: `0 0 ${width} ${height}`,
                    width,
                    height,
                    tabindex: "0",
                    role: "img",
                    class: "cells",
                    "aria-label": `${this.tier.title || this.tier.name}: ${format.plural(this.cells.length, "cell")}, mean load ${format.percent(this.tier.mean)}, busiest link ${format.percent(this.tier.most)}. Arrow keys tell each cell.`,
                },
                this.squares,
                this.frame,
            );
            this.cells.forEach((cell, i) => {
                this.squares[i].addEventListener("pointermove", event => {
                    tip.show(event.clientX, event.clientY, lines_of(cell));
                    this.say(i);
                });
                this.squares[i].addEventListener("pointerleave", tip.hide);
            });
            picture.addEventListener("keydown", event => this.move(event));
            picture.addEventListener("blur", () => this.frame.setAttribute("visibility", "hidden"));
            return picture;
        }

        paint(measure, wanted) {
            // Nothing is asked for: up to the busiest of this tier.
            const top = wanted || this.cells.reduce((most, cell) => Math.max(most, cell[measure]), 0) || 1;
            this.cells.forEach((cell, i) => {
                this.squares[i].style.fill = colours.heat(cell[measure] / top);
                this.squares[i].dataset.load = cell[measure];
            });
        }

        move(event) {
            const step = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: this.columns, ArrowUp: -this.columns}[event.key];
            const to =
                event.key === "Home"
                    ? 0
                    : event.key === "End"
                      ? this.cells.length - 1
                      : step === undefined
                        ? null
                        : this.at + step;
            if (to === null) return;
            event.preventDefault();
            if (to < 0 || to >= this.cells.length) return;
            this.frame.setAttribute("x", (to % this.columns) * this.size);
            this.frame.setAttribute("y", Math.floor(to / this.columns) * this.size);
            this.frame.setAttribute("visibility", "visible");
            this.say(to);
        }

        say(index) {
            this.at = index;
            const cell = this.cells[index];
            this.readout.textContent = cell ? lines_of(cell).filter(Boolean).join("; ") : "";
        }
    }

    function tier_block(tier, grids) {
        const cells = tier.cells || [];
        const speed = tier.bandwidth_bytes_per_s
            ? `, ${format.text(tier.bandwidth_bytes_per_s, "bandwidth")} a direction`
            : "";
        const head = el("h3", tier.title || format.words(tier.name));
        const line = el(
            "p.says",
            `${format.plural(tier.links, "link direction")}${speed}: mean ${format.percent(tier.mean)}, busiest ${format.percent(tier.most)}.`,
        );
        if (cells.length < 2)
            return el(
                "div.tier",
                head,
                line,
                cells.length === 1 && cells[0].busiest ? el("p.says", `Busiest: ${cells[0].busiest}.`) : null,
            );
        const grid = new Grid(tier);
        grids.push(grid);
        return el(
            "div.tier",
            head,
            line,
            grid.node,
            details(
                "Cells as a table",
                Report.table({
                    caption: `Load of ${tier.title || tier.name}`,
                    rows: cells,
                    limit: 10,
                    sort: {column: 3, descending: true},
                    columns: [
                        {title: "cell", key: "name"},
                        {title: "link directions", key: "links", kind: "count"},
                        {title: "mean", key: "mean", kind: "share"},
                        {title: "busiest", key: "most", kind: "share", bar: true},
                        {title: "busiest link", key: "busiest"},
                    ],
                }),
            ),
        );
    }

    // All tiers, each a grid of its own; `paint` colours them from idle to `top`.
    function tiers(list) {
        const grids = [];
        const node = el(
            "div.tier-list",
            list.map(tier => tier_block(tier, grids)),
        );
        return {node, count: grids.length, paint: (measure, top) => grids.forEach(grid => grid.paint(measure, top))};
    }

    return {tiers};
})();
