// Tables that sort by click or key, copy as CSV, and show their first rows until asked for all.
//
//     Report.table({caption: "Operators", rows, columns: [
//         {title: "operator", key: "name"},
//         {title: "time", key: "time_ps", kind: "time", bar: true}]})
//
// A column has `key` or `value(row)`; `kind` makes it a column of figures in one unit; `show(row)` gives a node or text of
// its own; `csv` is its name there, with the raw unit. CSV holds raw values, all rows, in the order shown.
Report.table = (() => {
    const {el, say, copy} = Report.dom;
    const kUnits = {time: "ps", size: "B", bandwidth: "B_per_s", rate: "per_s", money: "USD", flop_rate: "flop_per_s"};

    const kShort = 26; // letters that stay on one line

    function csv_cell(value) {
        const text = value === null || value === undefined ? "" : String(value);
        return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    }

    function csv_name(column) {
        if (column.csv) return column.csv;
        const name = String(column.title)
            .trim()
            .replace(/[^\w]+/g, "_")
            .replace(/_+$/, "");
        const unit = kUnits[column.kind];
        return unit && !name.endsWith(`_${unit}`) ? `${name}_${unit}` : name;
    }

    class Table {
        constructor(options) {
            this.options = options;
            this.columns = options.columns.filter(Boolean).map(column => ({
                ...column,
                value: column.value || (row => row[column.key]),
                is_figure: Boolean(column.kind),
            }));
            this.limit = options.limit || 20;
            this.all = false;
            this.sort = options.sort ? {...options.sort} : null;
            this.body = el("tbody");
            this.heads = this.columns.map((column, i) => this.head(column, i));
            this.count = el("span.count");
            this.more = el("button.control", {type: "button", onclick: () => this.toggle_all()});
            const copy_button = el(
                "button.control",
                {type: "button", "aria-label": `Copy as CSV: ${options.caption}`, onclick: () => this.copy()},
                "Copy CSV",
            );
            const table = el("table", el("caption", options.caption), el("thead", el("tr", this.heads)), this.body);
            const scroll = el("div.scroll", {tabindex: "0", role: "region", "aria-label": options.caption}, table);
            this.node = el("div.table", scroll, el("div.tools", this.count, this.more, copy_button));
            this.node.report_table = this;
            this.set_rows(options.rows);
        }

        head(column, index) {
            const button = el(
                "button.sort",
                {type: "button", onclick: () => this.sort_by(index)},
                el("span.title", column.title),
                el("span.unit"),
            );
            return el(
                column.is_figure || column.class === "figure" ? "th.figure" : "th",
                {scope: "col", title: column.meaning},
                button,
            );
        }

        set_rows(rows) {
            this.rows = [...rows];
            this.formats = this.columns.map(column =>
                column.is_figure ? Report.format.column(this.rows.map(column.value), column.kind) : null,
            );
            this.most = this.columns.map(column =>
                column.bar ? this.rows.reduce((most, row) => Math.max(most, column.value(row) || 0), 0) : 0,
            );
            this.heads.forEach((head, i) => {
                const unit = this.formats[i] && !this.columns[i].show ? this.formats[i].unit : "";
                head.querySelector(".unit").textContent = unit && unit !== "×" ? ` ${unit}` : "";
            });
            this.draw();
        }

        sort_by(index) {
            const figure = this.columns[index].is_figure;
            const same = this.sort && this.sort.column === index;
            this.sort = {column: index, descending: same ? !this.sort.descending : figure};
            this.draw();
            say(`sorted by ${this.columns[index].title}, ${this.sort.descending ? "descending" : "ascending"}`);
        }

        sorted() {
            if (!this.sort) return this.rows;
            const {column, descending} = this.sort;
            const value = this.columns[column].value;
            const order = (a, b) => {
                const x = value(a),
                    y = value(b);
                const no_x = x === null || x === undefined || x === "",
                    no_y = y === null || y === undefined || y === "";
                if (no_x || no_y) return no_x === no_y ? 0 : no_x ? 1 : -1; // what is not known stays below
                const less =
                    typeof x === "number" && typeof y === "number"
                        ? x - y
                        : String(x).localeCompare(String(y), "en", {numeric: true});
                return descending ? -less : less;
            };
            return [...this.rows].sort(order);
        }

        draw() {
            this.heads.forEach((head, i) => {
                if (this.sort && this.sort.column === i)
                    head.setAttribute("aria-sort", this.sort.descending ? "descending" : "ascending");
                else head.removeAttribute("aria-sort");
            });
            const rows = this.sorted();
            const shown = this.all ? rows : rows.slice(0, this.limit);
            this.body.replaceChildren(...shown.map(row => this.row(row)));
            const total = rows.length;
            this.count.textContent =
                total === shown.length
                    ? Report.format.plural(total, "row")
                    : `${shown.length} of ${Report.format.plural(total, "row")}`;
            this.more.hidden = total <= this.limit;
            this.more.textContent = this.all
                ? `Show the first ${this.limit}`
                : `Show all ${Report.format.grouped(total, 0)}`;
        }

        row(row) {
            const line = el("tr", this.options.row_class ? {class: this.options.row_class(row)} : null);
            this.columns.forEach((column, i) => line.append(this.cell(row, column, i)));
            return line;
        }

        cell(row, column, index) {
            const value = column.value(row);
            const shown = column.show ? column.show(row) : column.is_figure ? this.formats[index].cell(value) : value;
            const content = shown === null || shown === undefined || shown === "" ? "" : shown;
            const tag = index === 0 ? "th" : "td";
            const classes = [column.is_figure ? "figure" : "", column.class || ""].filter(Boolean).join(".");
            const cell = el(classes ? `${tag}.${classes}` : tag, tag === "th" ? {scope: "row"} : null, content);
            if (typeof content === "string" && !column.class && content.length <= kShort) cell.classList.add("short");
            if (column.bar && value > 0 && this.most[index] > 0) {
                cell.classList.add("bar");
                cell.style.setProperty("--part", (value / this.most[index]).toFixed(3));
            }
            return cell;
        }

        toggle_all() {
            this.all = !this.all;
            this.draw();
        }

        show_for_paper(is_paper) {
            if (this.rows.length <= this.limit || this.all) return;
            this.all = is_paper;
            this.draw();
            this.all = false;
        }

        csv() {
            const lines = [this.columns.map(column => csv_cell(csv_name(column)))];
            for (const row of this.sorted()) lines.push(this.columns.map(column => csv_cell(column.value(row))));
            return lines.map(cells => cells.join(",")).join("\n") + "\n";
        }

        copy() {
            return copy(
                this.csv(),
                `${Report.format.plural(this.rows.length, "row")} of ${this.options.caption} as CSV`,
            );
        }
    }

    const make = options => new Table(options).node;
    make.Table = Table;
    return make;
})();
