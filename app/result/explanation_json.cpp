// Writing is plain. Reading trusts nothing: a result may come from another version or from an editor.

#include "app/result/explanation_json.h"

#include "app/result/explanation_text.h"
#include "app/result/result_json.h"
#include "sim/error/error.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace myriad {
namespace {

using Json = nlohmann::json;

Json json_of(const PathShare& part) {
    Json json = {
        {"category", name_of(part.category)}, {"time_ps", part.time.count()}, {"fixed_ps", part.fixed.count()}};
    if (part.category == PathCategory::network || part.category == PathCategory::late) {
        json["group"] = key_of(part.group);
    }
    if (part.link != LinkTier::none) {
        json["link"] = name_of(part.link);
    }
    if (!part.mostly.empty()) {
        json["mostly"] = part.mostly;
    }
    return json;
}

template <class List, class Function>
Json array_of(const List& list, Function&& function) {
    Json array = Json::array();
    for (const auto& item : list) {
        array.push_back(function(item));
    }
    return array;
}

// 1-based line and column of a byte.
SourceMark mark_of(const std::string& file, const std::string& text, std::size_t byte) {
    const std::string before = text.substr(0, std::min(byte, text.size()));
    const std::size_t line_begin = before.rfind('\n') == std::string::npos ? 0 : before.rfind('\n') + 1;
    return {file, static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
            static_cast<int>(before.size() - line_begin) + 1};
}

// A part of the file with the words that lead to it, for messages.
class Part {
public:
    Part(const Json& json, std::string path, const std::string& file, const std::string& text)
        : json_(json), path_(std::move(path)), file_(file), text_(text) {}

    [[nodiscard]] Part at(const char* key) const {
        if (!json_.is_object() || !json_.contains(key)) {
            fail(fmt::format("{} has no '{}'", path_, key));
        }
        return {json_.at(key), path_ + "." + key, file_, text_};
    }
    [[nodiscard]] bool has(const char* key) const { return json_.contains(key); }
    [[nodiscard]] std::vector<Part> items() const {
        if (!json_.is_array()) {
            fail(path_ + " is no list");
        }
        std::vector<Part> parts;
        for (std::size_t i = 0; i < json_.size(); ++i) {
            parts.emplace_back(json_[i], fmt::format("{}[{}]", path_, i), file_, text_);
        }
        return parts;
    }
    [[nodiscard]] std::int64_t number() const {
        if (!json_.is_number_integer() || json_.get<std::int64_t>() < 0) {
            fail(path_ + " is no whole number of at least 0");
        }
        return json_.get<std::int64_t>();
    }
    [[nodiscard]] Picoseconds time(const char* key) const { return Picoseconds{at(key).number()}; }
    [[nodiscard]] std::string word() const {
        if (!json_.is_string()) {
            fail(path_ + " is no text");
        }
        return json_.get<std::string>();
    }
    // One of `count` words.
    template <class Enum, class Name>
    [[nodiscard]] Enum one_of(std::size_t count, Name&& name) const {
        const std::string found = word();
        std::vector<std::string> known;
        for (std::size_t i = 0; i < count; ++i) {
            if (name(static_cast<Enum>(i)) == found) {
                return static_cast<Enum>(i);
            }
            known.emplace_back(name(static_cast<Enum>(i)));
        }
        fail(fmt::format("{}: unknown word '{}'{}", path_, found, did_you_mean(found, known)));
    }
    [[noreturn]] void fail(const std::string& message) const {
        const std::string key = "\"" + path_.substr(path_.rfind('.') + 1) + "\"";
        const std::size_t place = text_.find(key.substr(0, key.find('[')));
        throw UserError(place == std::string::npos ? SourceMark{file_, 1, 1} : mark_of(file_, text_, place),
                        message + "; expected what this version of 'myriad run' writes");
    }
    [[nodiscard]] const Json& json() const { return json_; }

private:
    const Json& json_;
    std::string path_;
    const std::string& file_;
    const std::string& text_;
};

GroupKind group_in(const Part& part) {
    return part.has("group") ? part.at("group").one_of<GroupKind>(kGroupKinds, [](GroupKind g) { return key_of(g); })
                             : GroupKind::none;
}

Explanation read_explanation(const Part& part) {
    Explanation out;
    out.step = part.time("step_ps");
    out.ranks = part.at("ranks").number();
    out.running_ranks = part.at("running_ranks").number();
    out.recorded_ranks = part.at("recorded_ranks").number();
    const Part path = part.at("path");
    out.hops = path.at("hops").number();
    const auto category_in = [](const Part& item) {
        return item.at("category").one_of<PathCategory>(kPathCategories, [](PathCategory c) { return name_of(c); });
    };
    for (const Part& item : path.at("shares").items()) {
        PathShare share{category_in(item),    group_in(item),        LinkTier::none,
                        item.time("time_ps"), item.time("fixed_ps"), ""};
        if (item.has("link")) {
            share.link = item.at("link").one_of<LinkTier>(kLinkTiers, [](LinkTier t) { return name_of(t); });
        }
        share.mostly = item.has("mostly") ? item.at("mostly").word() : "";
        out.path.push_back(share);
    }
    for (const Part& item : path.at("kernels").items()) {
        out.operators.push_back({item.at("name").word(), category_in(item), item.time("time_ps")});
    }
    for (const Part& item : part.at("bounds").items()) {
        out.bounds.push_back({item.at("change").one_of<Change>(kChanges, [](Change c) { return name_of(c); }),
                              item.time("saves_at_most_ps"), item.time("slower_elsewhere_ps"),
                              item.time("unknown_ps")});
    }
    for (const Part& item : part.at("communication").items()) {
        GroupTime group{group_in(item), item.time("busy_ps"), item.time("exposed_ps"), item.time("late_ps")};
        if (group.exposed > group.busy) {
            item.at("exposed_ps").fail("more time is exposed than busy");
        }
        out.groups.push_back(group);
    }
    const Part bubble = part.at("bubble");
    out.bubble = bubble.time("mean_ps");
    out.least_bubble = bubble.time("least_ps");
    return out;
}

}  // namespace

std::string explanation_json(const Explanation& explanation) {
    Json shares = array_of(explanation.path, [](const PathShare& part) { return json_of(part); });
    Json kernels = array_of(explanation.operators, [](const PathOperator& op) {
        return Json{{"name", op.label}, {"category", name_of(op.category)}, {"time_ps", op.time.count()}};
    });
    Json bounds = array_of(explanation.bounds, [&](const Bound& bound) {
        return Json{{"change", name_of(bound.change)},
                    {"saves_at_most_ps", bound.saves_at_most.count()},
                    {"step_at_least_ps", (explanation.step - bound.saves_at_most).count()},
                    {"slower_elsewhere_ps", bound.slower_elsewhere.count()},
                    {"unknown_ps", bound.unknown.count()}};
    });
    Json groups = array_of(explanation.groups, [](const GroupTime& group) {
        return Json{{"group", key_of(group.group)},
                    {"busy_ps", group.busy.count()},
                    {"exposed_ps", group.exposed.count()},
                    {"late_ps", group.late.count()},
                    {"hidden_ps", group.hidden().count()}};
    });
    const Json json = {
        {"step_ps", explanation.step.count()},
        {"ranks", explanation.ranks},
        {"running_ranks", explanation.running_ranks},
        {"recorded_ranks", explanation.recorded_ranks},
        {"path", {{"hops", explanation.hops}, {"shares", std::move(shares)}, {"kernels", std::move(kernels)}}},
        {"bounds", std::move(bounds)},
        {"communication", std::move(groups)},
        {"bubble", {{"mean_ps", explanation.bubble.count()}, {"least_ps", explanation.least_bubble.count()}}},
        {"words", explain_step(explanation)}};
    return json.dump(2);
}

ExplainedResult read_explained_result(const std::string& file, const std::string& text) {
    Json json;
    try {
        json = Json::parse(text);
    } catch (const Json::parse_error& error) {
        throw UserError(mark_of(file, text, error.byte == 0 ? 0 : error.byte - 1),
                        "this is not JSON; expected the result.json of 'myriad run'");
    }
    const SourceMark begin{file, 1, 1};
    if (!json.is_object() || !json.contains("schema") || json["schema"] != kResultSchema) {
        throw UserError(begin,
                        fmt::format("the schema is {}, expected \"{}\" as 'myriad run' writes it",
                                    json.is_object() && json.contains("schema") ? json["schema"].dump() : "not told",
                                    kResultSchema));
    }
    if (!json.contains("training")) {
        throw UserError(begin, "this is the result of another workload, expected that of a training step");
    }
    if (!json["training"].is_object() || !json["training"].contains("explanation")) {
        throw UserError(begin,
                        "the step is not explained here, expected 'training.explanation'; run the scenario again");
    }
    const Part root(json, "result", file, text);
    const Part training = root.at("training");
    const Part explanation = training.at("explanation");
    return {root.at("title").word(),       root.at("cluster").word(),     training.at("model").word(),
            training.at("cards").number(), read_explanation(explanation), explanation.json().dump(2)};
}

}  // namespace myriad
