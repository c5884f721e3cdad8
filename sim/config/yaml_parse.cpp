// Builds the tree from yaml-cpp's events instead of its nodes: the events show every pair of a map (duplicates), every
// anchor (refused, so that no alias can blow up) and every mark, and allow limits while the text is still being read.

#include "sim/config/yaml_parse.h"

#include "sim/config/error_log.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <optional>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

namespace myriad {

namespace {

class TreeBuilder final : public YAML::EventHandler {
public:
    // `everywhere`: the mark of all nodes, for text that stands in no file.
    TreeBuilder(std::string file, std::optional<SourceMark> everywhere)
        : file_(std::move(file)), everywhere_(std::move(everywhere)) {}

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (++documents_ > 1) {
            throw UserError(place(mark), "second document in the file; expected one");
        }
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        refuse(mark, "", anchor);
        add(ConfigNode{.type = ConfigNode::Type::null, .mark = place(mark)});
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        throw UserError(place(mark), "aliases (*name) are not supported; use 'base' or 'include'");
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        refuse(mark, tag, anchor);
        const bool is_quoted = tag == "!";
        if (!is_quoted && (value == "~" || value == "null" || value.empty())) {
            add(ConfigNode{.type = ConfigNode::Type::null, .mark = place(mark)});
        } else {
            add(ConfigNode::scalar(value, place(mark), is_quoted));
        }
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        refuse(mark, tag, anchor);
        open(ConfigNode{.type = ConfigNode::Type::list, .mark = place(mark)});
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        refuse(mark, tag, anchor);
        open(ConfigNode::map(place(mark)));
    }
    void OnMapEnd() override { close(); }

    [[nodiscard]] const std::optional<ConfigNode>& root() const { return root_; }
    [[nodiscard]] ConfigNode take() { return std::move(*root_); }
    [[nodiscard]] ErrorLog& errors() { return errors_; }
    [[nodiscard]] SourceMark place(const YAML::Mark& mark) const {
        if (everywhere_) {
            return *everywhere_;
        }
        // yaml-cpp counts from 0, and uses -1 for "nowhere".
        return mark.is_null() ? SourceMark{file_, 0, 0} : SourceMark{file_, mark.line + 1, mark.column + 1};
    }

private:
    struct Frame {
        ConfigNode node;
        std::optional<ConfigNode> key = {};  // read, its value not yet
        std::set<std::string> keys = {};
    };

    void refuse(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
        if (anchor != 0) {
            throw UserError(place(mark), "anchors (&name) are not supported; use 'base' or 'include'");
        }
        if (!tag.empty() && tag != "?" && tag != "!") {
            throw UserError(place(mark), "tags (" + tag.substr(0, 40) + ") are not supported");
        }
        if (++values_ > kMostValues) {
            throw UserError(place(mark), "more than " + std::to_string(kMostValues) + " values in one file");
        }
    }

    void open(ConfigNode node) {
        if (stack_.size() >= static_cast<std::size_t>(kMostLevels)) {
            throw UserError(node.mark, "nested deeper than " + std::to_string(kMostLevels) + " levels");
        }
        stack_.push_back(Frame{std::move(node)});
    }

    void close() {
        ConfigNode node = std::move(stack_.back().node);
        stack_.pop_back();
        add(std::move(node));
    }

    void add(ConfigNode node) {
        if (stack_.empty()) {
            root_ = std::move(node);
            return;
        }
        Frame& frame = stack_.back();
        if (frame.node.type == ConfigNode::Type::list) {
            frame.node.items.push_back(std::move(node));
        } else if (!frame.key) {
            if (node.type != ConfigNode::Type::scalar) {
                throw UserError(node.mark, "expected a word as a key, found " + found_text(node));
            }
            frame.key = std::move(node);
        } else {
            add_pair(frame, std::move(*frame.key), std::move(node));
            frame.key.reset();
        }
    }

    void add_pair(Frame& frame, ConfigNode key, ConfigNode value) {
        if (!frame.keys.insert(key.text).second) {
            const ConfigEntry* first = frame.node.entry(key.text);
            errors_.add(key.mark,
                        "duplicate key " + found_text(key) + "; first at line " + std::to_string(first->key_mark.line));
            return;
        }
        if (value.type == ConfigNode::Type::null) {
            value.mark = key.mark;  // yaml-cpp finds nothing only at the next token, a line below
        }
        frame.node.entries.push_back(ConfigEntry{std::move(key.text), std::move(key.mark), std::move(value)});
    }

    std::string file_;
    std::optional<SourceMark> everywhere_;
    int documents_ = 0;
    std::size_t values_ = 0;
    std::vector<Frame> stack_;
    std::optional<ConfigNode> root_;
    ErrorLog errors_;
};

ConfigNode build(const std::string& text, TreeBuilder& builder) {
    std::istringstream stream(text);
    try {
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::Exception& problem) {
        throw UserError(builder.place(problem.mark), "no valid YAML: " + problem.msg);
    }
    if (!builder.root()) {
        throw UserError(builder.place(YAML::Mark::null_mark()), "empty file");
    }
    builder.errors().throw_if_any();
    return builder.take();
}

}  // namespace

ConfigNode parse_yaml(const std::string& text, const std::string& path) {
    TreeBuilder builder(path, std::nullopt);
    return build(text, builder);
}

ConfigNode parse_yaml_value(const std::string& text, const SourceMark& mark) {
    if (text.find_first_not_of(" \n\r\t") == std::string::npos) {
        return ConfigNode{.type = ConfigNode::Type::null, .mark = mark};
    }
    TreeBuilder builder(mark.file, mark);
    return build(text, builder);
}

}  // namespace myriad
