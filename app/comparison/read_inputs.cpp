// An effective.yaml as a list of path and value. What a value rests on (status, source, range) is no difference between
// two systems, so a sourced value counts as its value; a list counts as one text.

#include "app/comparison/compared_run.h"

#include <yaml-cpp/yaml.h>

namespace myriad {
namespace {

bool is_sourced(const YAML::Node& node) { return node["value"] && (node["status"] || node["source"]); }

std::string one_line(const YAML::Node& node) {
    YAML::Emitter emitter;
    emitter << YAML::Flow << node;
    return emitter.c_str();
}

void flatten(const YAML::Node& node, const std::string& path, std::vector<std::pair<std::string, std::string>>& out) {
    if (!node.IsMap()) {
        out.emplace_back(path, node.IsScalar() ? node.Scalar() : one_line(node));
        return;
    }
    if (is_sourced(node)) {
        flatten(node["value"], path, out);
        return;
    }
    for (const auto& entry : node) {
        const std::string key = entry.first.Scalar();
        if (path.empty() && (key == "myriad" || key == "kind" || key == "name" || key == "title")) {
            continue;
        }
        // Sources of whole maps.
        if (key == "status" || key == "source") {
            continue;
        }
        flatten(entry.second, path.empty() ? key : path + "." + key, out);
    }
}

}  // namespace

std::vector<std::pair<std::string, std::string>> flat_inputs(const std::string& effective_yaml) {
    std::vector<std::pair<std::string, std::string>> inputs;
    flatten(YAML::Load(effective_yaml), "", inputs);
    return inputs;
}

}  // namespace myriad
