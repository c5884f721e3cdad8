// Expat calls back with what it meets; the reader collects nodes and edges with their places, then numbers those nodes
// that take part: first what carries hosts, then the switches.

#include "interconnect/topology/graphml.h"
#include "interconnect/topology/wiring.h"
#include "sim/error/error.h"

#include <expat.h>
#include <fmt/format.h>

#include <charconv>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace myriad {
namespace {

constexpr std::int64_t kMaxBytesPerSecond = 100'000'000'000'000;
constexpr std::int64_t kMaxLatency = 1'000'000'000'000;

struct Element {
    SourceMark mark;
    std::map<std::string, std::string> data{};  // attr.name -> text
};
struct FileNode : Element {
    std::string id;
};
struct FileEdge : Element {
    std::string source;
    std::string target;
};

class GraphMlParser {
public:
    GraphMlParser(const std::string& text, std::string path) : path_(std::move(path)) {
        const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser(XML_ParserCreate(nullptr), XML_ParserFree);
        parser_ = parser.get();
        XML_SetUserData(parser_, this);
        XML_SetElementHandler(parser_, &on_start, &on_end);
        XML_SetCharacterDataHandler(parser_, &on_text);
        if (XML_Parse(parser_, text.data(), static_cast<int>(text.size()), 1) == XML_STATUS_ERROR) {
            if (problem_) {
                throw UserError(problem_->mark, problem_->message);
            }
            throw UserError(here(), fmt::format("no XML: {}", XML_ErrorString(XML_GetErrorCode(parser_))));
        }
        if (!is_graphml_) {
            throw UserError({path_, 1, 1}, "no GraphML: the outermost element is not 'graphml'");
        }
    }
    [[nodiscard]] const std::vector<FileNode>& nodes() const { return nodes_; }
    [[nodiscard]] const std::vector<FileEdge>& edges() const { return edges_; }

private:
    // Exceptions must not pass through C, so the first problem stops the parser and is thrown afterwards.
    void fail(const std::string& message) {
        if (!problem_) {
            problem_ = Diagnostic{here(), message};
            XML_StopParser(parser_, XML_FALSE);
        }
    }
    SourceMark here() const {
        return {path_, static_cast<int>(XML_GetCurrentLineNumber(parser_)),
                static_cast<int>(XML_GetCurrentColumnNumber(parser_)) + 1};
    }
    static void on_start(void* self, const XML_Char* name, const XML_Char** attributes) {
        std::map<std::string, std::string> values;
        for (; attributes[0] != nullptr; attributes += 2) {
            values[attributes[0]] = attributes[1];
        }
        static_cast<GraphMlParser*>(self)->start(name, values);
    }
    static void on_end(void* self, const XML_Char* name) { static_cast<GraphMlParser*>(self)->end(name); }
    static void on_text(void* self, const XML_Char* text, int length) {
        static_cast<GraphMlParser*>(self)->text_.append(text, static_cast<std::size_t>(length));
    }

    std::string attribute(const std::map<std::string, std::string>& values, const char* element, const char* name) {
        const auto found = values.find(name);
        if (found == values.end()) {
            fail(fmt::format("'{}' without '{}'", element, name));
            return {};
        }
        return found->second;
    }

    void start(std::string_view name, const std::map<std::string, std::string>& values) {
        text_.clear();
        if (name == "graphml") {
            is_graphml_ = true;
        } else if (name == "key") {
            const auto found = values.find("attr.name");
            const std::string id = attribute(values, "key", "id");
            key_names_[id] = found == values.end() ? id : found->second;
        } else if (name == "graph") {
            if (++graphs_ > 1) {
                fail("more than one graph, expected one");
            }
        } else if (name == "node") {
            nodes_.push_back({{here()}, attribute(values, "node", "id")});
            current_ = &nodes_.back();
        } else if (name == "edge") {
            edges_.push_back({{here()}, attribute(values, "edge", "source"), attribute(values, "edge", "target")});
            current_ = &edges_.back();
        } else if (name == "data") {
            data_key_ = attribute(values, "data", "key");
        } else if (name == "hyperedge") {
            fail("hyperedges are not supported, expected edges of two ends");
        }
    }

    void end(std::string_view name) {
        if (name == "data" && current_ != nullptr) {
            const auto found = key_names_.find(data_key_);
            const std::size_t first = text_.find_first_not_of(" \t\r\n");
            const std::size_t last = text_.find_last_not_of(" \t\r\n");
            current_->data[found == key_names_.end() ? data_key_ : found->second] =
                first == std::string::npos ? "" : text_.substr(first, last - first + 1);
        } else if (name == "node" || name == "edge") {
            current_ = nullptr;
        }
    }

    std::string path_;
    XML_Parser parser_ = nullptr;
    std::optional<Diagnostic> problem_;
    bool is_graphml_ = false;
    int graphs_ = 0;
    std::map<std::string, std::string> key_names_;
    std::string data_key_;
    std::string text_;
    Element* current_ = nullptr;  // the node or edge that a datum belongs to
    std::vector<FileNode> nodes_;
    std::vector<FileEdge> edges_;
};

std::int64_t number(const Element& element, const char* name, std::int64_t low, std::int64_t high,
                    std::int64_t otherwise) {
    const auto found = element.data.find(name);
    if (found == element.data.end()) {
        return otherwise;
    }
    std::int64_t value = 0;
    const char* end = found->second.data() + found->second.size();
    const auto [stop, problem] = std::from_chars(found->second.data(), end, value);
    if (problem != std::errc{} || stop != end || value < low || value > high) {
        throw UserError(element.mark, fmt::format("'{}': expected a whole number from {} to {}, found '{}'", name, low,
                                                  high, found->second.substr(0, 60)));
    }
    return value;
}

enum class Role : std::uint8_t { absent, host, hub };

Role role_of(const FileNode& node, GraphMembers members) {
    const auto found = node.data.find("kind");
    const std::string kind = found == node.data.end() ? "" : found->second;
    if (!kind.empty() && kind != "card" && kind != "icn_switch" && kind != "ethernet_switch" && kind != "nic" &&
        kind != "pcie_switch") {
        throw UserError(node.mark, fmt::format("'kind': expected card, icn_switch, pcie_switch, nic or "
                                               "ethernet_switch, found '{}'",
                                               kind.substr(0, 60)));
    }
    if (members == GraphMembers::ethernet_switches) {
        if (!kind.empty() && kind != "ethernet_switch") {
            return Role::absent;
        }
        return number(node, "tier", 0, 100, 2) > 2 ? Role::hub : Role::host;
    }
    if (number(node, "server", -1, 1'000'000, 0) > 0) {
        return Role::absent;
    }
    return kind == "icn_switch" ? Role::hub : kind.empty() || kind == "card" ? Role::host : Role::absent;
}

// "server0.icn_switch1" is "icn_switch1" to its server.
std::string local_name(const FileNode& node) { return node.id.starts_with("server0.") ? node.id.substr(8) : node.id; }

WiringEdgeConfig edge_of(const FileEdge& edge, int a, int b) {
    WiringEdgeConfig result{.a = a, .b = b};
    result.links = static_cast<int>(number(edge, "links", 1, 1'000'000, 1));
    result.payload = BytesPerSecond{number(edge, "bandwidth_bytes_per_s", 1, kMaxBytesPerSecond, 0)};
    result.dimension = static_cast<int>(number(edge, "dimension", 0, 255, 0));
    const auto closes = edge.data.find("closes_ring");
    result.closes_ring = closes != edge.data.end() && (closes->second == "true" || closes->second == "1");
    if (edge.data.contains("latency_ps")) {
        const std::int64_t forward = number(edge, "latency_ps", 0, kMaxLatency, 0);
        result.whole_latency =
            LinkTimes{Picoseconds{forward}, Picoseconds{number(edge, "latency_back_ps", 0, kMaxLatency, forward)}};
    }
    return result;
}

}  // namespace

WiringConfig parse_graphml(const std::string& text, const std::string& path, GraphMembers members) {
    const GraphMlParser file(text, path);
    WiringConfig wiring;
    wiring.recipe = WiringRecipe::edges;
    std::map<std::string, int> numbers;  // -1: not of this wiring
    for (const Role wanted : {Role::host, Role::hub, Role::absent}) {
        for (const FileNode& node : file.nodes()) {
            if (role_of(node, members) != wanted) {
                continue;
            }
            const int next = wanted == Role::absent ? -1 : wiring.size + wiring.switches;
            if (!numbers.emplace(node.id, next).second) {
                throw UserError(node.mark, fmt::format("node '{}' stands here twice", node.id.substr(0, 60)));
            }
            wiring.size += wanted == Role::host ? 1 : 0;
            if (wanted == Role::hub) {
                ++wiring.switches;
                wiring.switch_names.push_back(local_name(node));
            }
        }
    }
    if (wiring.size < 1 || wiring.size > kMaxCardsPerServer) {
        throw UserError({path, 1, 1}, fmt::format("{} {}, expected 1 to {}", wiring.size,
                                                  members == GraphMembers::cards ? "cards" : "switches with hosts",
                                                  kMaxCardsPerServer));
    }
    for (const FileEdge& edge : file.edges()) {
        int ends[2] = {};
        for (int end = 0; end < 2; ++end) {
            const std::string& id = end == 0 ? edge.source : edge.target;
            const auto found = numbers.find(id);
            if (found == numbers.end()) {
                throw UserError(edge.mark, fmt::format("an edge joins '{}', which is no node", id.substr(0, 60)));
            }
            ends[end] = found->second;
        }
        if (ends[0] == ends[1] && ends[0] >= 0) {
            throw UserError(edge.mark, fmt::format("an edge joins '{}' to itself", edge.source.substr(0, 60)));
        }
        if (ends[0] >= 0 && ends[1] >= 0) {
            wiring.edges.push_back(edge_of(edge, ends[0], ends[1]));
        }
    }
    return wiring;
}

}  // namespace myriad
