// Building the page: elements, sections, the one tooltip and the one live region.
Report.dom = (() => {
    // el("p.note#x", {title: "t", onclick: f}, "text", child, [more]); null and false children are left out.
    function el(spec, ...rest) {
        const [tag, ...marks] = spec.match(/^[a-z0-9]+|[.#][\w-]+/g);
        const node = document.createElement(tag);
        for (const mark of marks) {
            if (mark[0] === "#") node.id = mark.slice(1);
            else node.classList.add(mark.slice(1));
        }
        put(node, rest);
        return node;
    }

    function svg(tag, attributes, ...children) {
        const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
        put(node, [attributes, ...children]);
        return node;
    }

    function put(node, parts) {
        for (const part of parts) {
            if (part === null || part === undefined || part === false) continue;
            if (part instanceof Node) node.append(part);
            else if (Array.isArray(part)) put(node, part);
            else if (typeof part === "object") set(node, part);
            else node.append(String(part));
        }
    }

    function set(node, attributes) {
        for (const [name, value] of Object.entries(attributes)) {
            if (value === null || value === undefined || value === false) continue;
            if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
            else if (name === "style")
                Object.entries(value).forEach(([key, text]) => node.style.setProperty(key, text));
            else node.setAttribute(name, value === true ? "" : value);
        }
    }

    let sections = 0;
    // A titled part of the page; its title is what the list of contents shows.
    function section(title, id, ...children) {
        const heading = el("h2", {id: `${id}-title`}, title);
        return el("section.part", {id, "aria-labelledby": `${id}-title`, "data-order": sections++}, heading, children);
    }

    function details(summary, ...children) {
        return el("details", el("summary", summary), children);
    }

    function say(text) {
        document.getElementById("status").textContent = text;
    }

    // A list of names and values, two or more columns wide.
    function facts(pairs) {
        return el(
            "dl.facts",
            pairs
                .filter(pair => pair && pair[1] !== null && pair[1] !== undefined && pair[1] !== "")
                .map(([name, value]) => el("div", el("dt", name), el("dd", value))),
        );
    }

    // A labelled <select>; options are [value, text] or text.
    function select(label, options, value, change) {
        const list = el(
            "select",
            {onchange: event => change(event.target.value)},
            options.map(option => {
                const [key, text] = Array.isArray(option) ? option : [option, option];
                return el("option", {value: key, selected: String(key) === String(value)}, text);
            }),
        );
        return el("label.choice", el("span", label), list);
    }

    const tip = {
        show(x, y, lines) {
            const box = document.getElementById("tip");
            box.replaceChildren(...lines.filter(Boolean).map((line, i) => el(i === 0 ? "strong" : "div", line)));
            box.hidden = false;
            const width = box.offsetWidth,
                height = box.offsetHeight,
                gap = 12;
            const left = x + gap + width > window.innerWidth ? x - gap - width : x + gap;
            const top = y + gap + height > window.innerHeight ? y - gap - height : y + gap;
            box.style.left = `${Math.max(4, left)}px`;
            box.style.top = `${Math.max(4, top)}px`;
        },
        hide() {
            document.getElementById("tip").hidden = true;
        },
        // For pointer and keyboard; the element needs a tabindex or be focusable by itself.
        attach(node, lines) {
            node.addEventListener("pointermove", event => tip.show(event.clientX, event.clientY, lines()));
            node.addEventListener("pointerleave", tip.hide);
            node.addEventListener("focus", () => {
                const box = node.getBoundingClientRect();
                tip.show(box.left + box.width / 2, box.bottom, lines());
            });
            node.addEventListener("blur", tip.hide);
        },
    };
    document.addEventListener("keydown", event => {
        if (event.key === "Escape") tip.hide();
    });
    document.addEventListener("scroll", tip.hide, {passive: true});

    async function copy(text, what) {
        try {
            await navigator.clipboard.writeText(text);
        } catch {
            // Browsers that give no clipboard to a file of the disk.
            const area = el("textarea", {style: {position: "fixed", opacity: "0"}});
            area.value = text;
            document.body.append(area);
            area.select();
            const done = document.execCommand("copy");
            area.remove();
            if (!done) return say("the browser does not allow copying here");
        }
        say(`copied ${what}`);
    }

    // What can be done only when the page stands: sizes and colours are known then.
    const mounts = [];
    Report.after_mount = action => mounts.push(action);
    Report.mounted = () => mounts.splice(0).forEach(action => action());

    return {el, svg, section, details, say, facts, select, tip, copy};
})();
