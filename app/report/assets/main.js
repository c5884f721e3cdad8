// Reads the data, builds the page of its kind, and lets theme and paper change it.
(() => {
    const {el} = Report.dom;
    const kPages = {
        run: () => Report.run_page,
        sweep: () => Report.sweep_page,
        comparison: () => Report.comparison_page,
    };

    // What the list of contents calls a section whose title is long.
    const kShort = {
        time: "Time",
        why: "Why",
        memory: "Memory",
        load: "Links",
        "links-time": "Links over time",
        timeline: "Timeline",
        algorithms: "Algorithms",
        uncertainty: "Uncertainty",
        assumed: "Assumed",
        trust: "Trust",
        statistics: "Statistics",
        knees: "Knees",
        effects: "Axes' effects",
        lines: "Lines",
        heat: "Heat map",
        pareto: "Pareto",
        points: "Points",
        failed: "Failed",
        causes: "Causes",
        runs: "Runs",
        figures: "Figures",
        groups: "Communication",
        inputs: "Inputs",
    };

    function repaint() {
        Report.colours.forget();
        Report.charts.redraw();
        document.querySelectorAll(".themed").forEach(node => node.dispatchEvent(new Event("report-theme")));
    }

    const prefers_dark = window.matchMedia("(prefers-color-scheme: dark)");
    const theme = () => document.documentElement.dataset.theme;
    const preferred = () => (prefers_dark.matches ? "dark" : "light");

    function theme_button() {
        const button = el("button.control", {type: "button", id: "theme"});
        const word = () => {
            button.textContent = theme() === "dark" ? "Light" : "Dark";
            button.setAttribute("aria-label", `Use ${button.textContent.toLowerCase()} colours`);
        };
        button.addEventListener("click", () => {
            document.documentElement.dataset.theme = theme() === "dark" ? "light" : "dark";
            word();
            repaint();
        });
        prefers_dark.addEventListener("change", () => {
            document.documentElement.dataset.theme = preferred();
            word();
            repaint();
        });
        word();
        return button;
    }

    const tables = () => [...document.querySelectorAll(".table")].map(node => node.report_table).filter(Boolean);

    // Paper has no buttons: all rows stand on it. It is light, whatever the screen is.
    function print_in_light() {
        let before;
        window.addEventListener("beforeprint", () => {
            before = document.documentElement.dataset.theme;
            document.documentElement.dataset.theme = "light";
            tables().forEach(table => table.show_for_paper(true));
            repaint();
        });
        window.addEventListener("afterprint", () => {
            tables().forEach(table => table.show_for_paper(false));
            document.documentElement.dataset.theme = before;
            repaint();
        });
    }

    function contents(sections) {
        return el(
            "nav.contents",
            {"aria-label": "Contents"},
            el(
                "ul",
                sections.map(section =>
                    el(
                        "li",
                        el(
                            "a",
                            {href: `#${section.id}`},
                            kShort[section.id] || section.querySelector("h2").textContent,
                        ),
                    ),
                ),
            ),
            theme_button(),
        );
    }

    function show() {
        document.documentElement.dataset.theme = preferred();
        const data = JSON.parse(document.getElementById("data").textContent);
        const {top, sections, foot} = kPages[data.kind]().build(data);
        const parts = sections.filter(Boolean);
        document
            .getElementById("page")
            .replaceChildren(contents(parts), el("main#main", {tabindex: "-1"}, top, parts), foot);
        Report.charts.draw();
        Report.mounted();
        // A closed <details> has no size; what is drawn in it is drawn when it opens.
        document.addEventListener(
            "toggle",
            event => {
                if (event.target.open) Report.charts.resize(event.target);
            },
            true,
        );
        print_in_light();
        document.documentElement.dataset.ready = "yes";
    }

    show();
})();
