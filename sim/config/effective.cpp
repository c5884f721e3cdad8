// Keys in the order of the schema, names of the user's choice in the order of the file, values in their shortest exact
// text: two documents that mean the same give the same bytes.

#include "sim/config/effective.h"

#include "sim/config/validate.h"
#include "sim/config/value_text.h"

#include <utility>

namespace myriad {

namespace {

std::string scalar_text(const ConfigNode& node, const SchemaKey& key) {
    if (key.kind == ValueKind::yaml) {
        return flow_yaml(node);
    }
    if (key.kind == ValueKind::boolean) {
        return node.text;
    }
    return scalar_yaml(canonical_text(key.kind, node.text), key.kind == ValueKind::text);
}

std::string sourced_text(const ConfigNode& map, const SchemaKey& key) {
    std::string text = "{value: " + scalar_text(*map.find("value"), key) + ", status: " + map.find("status")->text +
                       ", source: " + scalar_yaml(map.find("source")->text, true);
    if (const ConfigNode* range = map.find("range")) {
        text += ", range: [" + scalar_text(range->items[0], key) + ", " + scalar_text(range->items[1], key) + "]";
    }
    return text + "}";
}

class Writer {
public:
    void map(const ConfigNode& node, const Schema& schema, int indent) {
        for (const SchemaKey& key : schema.keys()) {
            const ConfigNode* value = node.find(key.name);
            if (value != nullptr) {
                line(indent, key.name + ":");
                shaped(*value, key, indent);
            }
        }
    }
    void line(int indent, const std::string& text) {
        text_ += std::string(static_cast<std::size_t>(indent) * 2, ' ') + text + "\n";
    }
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    void append(const std::string& text) {  // to the line that was begun last
        text_.pop_back();
        text_ += " " + text + "\n";
    }

    void shaped(const ConfigNode& node, const SchemaKey& key, int indent) {
        if (key.shape == Shape::one) {
            one(node, key, indent);
        } else if (node.items.empty() && node.entries.empty()) {
            append(key.shape == Shape::list ? "[]" : "{}");
        } else if (key.shape == Shape::named) {
            for (const ConfigEntry& entry : node.entries) {
                line(indent + 1, scalar_yaml(entry.key, false) + ":");
                one(entry.value, key, indent + 1);
            }
        } else {
            for (const ConfigNode& item : node.items) {
                line(indent + 1, "-");
                one(item, key, indent + 1);
            }
        }
    }

    void one(const ConfigNode& node, const SchemaKey& key, int indent) {
        if (key.nested == nullptr) {
            append(key.is_sourced ? sourced_text(node, key) : scalar_text(node, key));
        } else if (node.entries.empty()) {
            append("{}");
        } else {
            map(node, key.nested(), indent + 1);
        }
    }

    std::string text_;
};

void collect(const ConfigNode& node, const Schema& schema, const std::string& path, std::vector<SourcedText>& result);

void collect_one(const ConfigNode& node, const SchemaKey& key, const std::string& path,
                 std::vector<SourcedText>& result) {
    if (key.nested != nullptr) {
        collect(node, key.nested(), path, result);
        return;
    }
    if (!key.is_sourced) {
        return;
    }
    const ConfigNode& value = *node.find("value");
    SourcedText sourced{.path = path,
                        .kind = key.kind,
                        .value = canonical_text(key.kind, value.text),
                        .status = status_of(node.find("status")->text).value(),
                        .source = node.find("source")->text,
                        .mark = value.mark};
    if (const ConfigNode* range = node.find("range")) {
        sourced.range = {canonical_text(key.kind, range->items[0].text),
                         canonical_text(key.kind, range->items[1].text)};
    }
    result.push_back(std::move(sourced));
}

void collect(const ConfigNode& node, const Schema& schema, const std::string& path, std::vector<SourcedText>& result) {
    for (const SchemaKey& key : schema.keys()) {
        const ConfigNode* value = node.find(key.name);
        if (value == nullptr) {
            continue;
        }
        const std::string here = path.empty() ? key.name : path + "." + key.name;
        if (key.shape == Shape::one) {
            collect_one(*value, key, here, result);
        }
        for (std::size_t i = 0; key.shape == Shape::list && i < value->items.size(); ++i) {
            collect_one(value->items[i], key, here + "." + std::to_string(i), result);
        }
        if (key.shape == Shape::named) {
            for (const ConfigEntry& entry : value->entries) {
                collect_one(entry.value, key, here + "." + entry.key, result);
            }
        }
    }
}

}  // namespace

std::string effective_text(const ConfigNode& root, const Schema& schema) {
    Writer writer;
    writer.line(0, "myriad: 1");
    writer.line(0, "kind: " + schema.name());
    writer.map(root, schema, 0);
    return writer.take();
}

std::vector<SourcedText> sourced_values(const ConfigNode& root, const Schema& schema) {
    std::vector<SourcedText> result;
    collect(root, schema, "", result);
    return result;
}

}  // namespace myriad
