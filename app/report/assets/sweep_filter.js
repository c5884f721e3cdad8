// Which points the plots and the list of points show: a box a value of every axis.
Report.sweep_filter = (() => {
    const {el, section, say} = Report.dom;
    const {format} = Report;

    function axis_box(data, axis, allowed, refresh) {
        const boxes = axis.values.map((label, i) => {
            const box = el("input", {
                type: "checkbox",
                checked: true,
                "data-axis": axis.name,
                "data-value": label,
                onchange: event => {
                    if (event.target.checked) allowed.add(i);
                    else allowed.delete(i);
                    refresh();
                },
            });
            return {box, node: el("label.tick", box, label)};
        });
        const every = wanted => {
            boxes.forEach(({box}, i) => {
                box.checked = wanted;
                if (wanted) allowed.add(i);
                else allowed.delete(i);
            });
            refresh();
        };
        const buttons =
            axis.values.length < 3
                ? null
                : el(
                      "span.small-buttons",
                      el(
                          "button.quiet",
                          {type: "button", "aria-label": `All of ${axis.name}`, onclick: () => every(true)},
                          "all",
                      ),
                      el(
                          "button.quiet",
                          {type: "button", "aria-label": `None of ${axis.name}`, onclick: () => every(false)},
                          "none",
                      ),
                  );
        return el(
            "fieldset",
            el("legend", axis.name, axis.role === "load" ? el("span.soft", " (load)") : null, buttons),
            el(
                "div.ticks",
                boxes.map(one => one.node),
            ),
        );
    }

    function of_sweep(data) {
        const count = el("p.says", {"aria-live": "polite"});
        const tell = () => {
            const points = data.filtered();
            const failed = points.filter(i => !data.ran(i)).length;
            count.textContent = `${format.grouped(points.length, 0)} of ${format.plural(data.count, "point")} shown${failed ? `, ${format.grouped(failed, 0)} of them failed` : ""}.`;
        };
        let waiting = null;
        const refresh = () => {
            tell();
            clearTimeout(waiting);
            waiting = setTimeout(() => {
                data.changed();
                say(count.textContent);
            }, 60); // several boxes at once: one redrawing
        };
        tell();
        const varied = data.axes.filter(axis => axis.values.length > 1);
        return section(
            "Filter",
            "filter",
            el("p.says", `What the plots and the list of points below show; the ranking above is of the whole sweep.${data.stages.length > 1 ? " Points that successive halving left at an earlier stage are drawn paler." : ""}`),
            el(
                "form.filters",
                {onsubmit: event => event.preventDefault()},
                varied.map(axis => axis_box(data, axis, data.allowed[axis.index], refresh)),
                data.stages.length > 1
                    ? axis_box(data, {name: "stage", values: data.stages}, data.allowed_stages, refresh)
                    : null,
            ),
            count,
        );
    }

    return {of_sweep};
})();
