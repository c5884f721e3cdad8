#pragma once
// Greatest flow from one node to another in a graph of full-duplex links.

#include <cstdint>
#include <vector>

namespace myriad {

class MaxFlow {
public:
    explicit MaxFlow(std::uint32_t nodes) : nodes_(nodes) {}

    // A link that carries `capacity` each way at the same time.
    void add_link(std::uint32_t a, std::uint32_t b, std::int64_t capacity);

    // Called once. source != sink.
    [[nodiscard]] std::int64_t solve(std::uint32_t source, std::uint32_t sink);

private:
    struct Arc {
        std::uint32_t to = 0;
        std::uint32_t reverse = 0;
        std::int64_t room = 0;
    };
    struct Link {
        std::uint32_t a = 0;
        std::uint32_t b = 0;
        std::int64_t capacity = 0;
    };
    void index_arcs();
    bool level(std::uint32_t source, std::uint32_t sink);
    std::int64_t augment(std::uint32_t source, std::uint32_t sink);

    std::uint32_t nodes_;
    std::vector<Link> links_;
    std::vector<Arc> arcs_;
    std::vector<std::uint32_t> first_;   // arcs of node n: [first_[n], first_[n + 1])
    std::vector<std::uint32_t> cursor_;  // first arc of a node that may still lead to the sink in this phase
    std::vector<std::uint32_t> level_;
    std::vector<std::uint32_t> path_;  // arcs from the source to where the search stands
};

}  // namespace myriad
