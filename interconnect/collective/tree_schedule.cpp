// Levels are numbered by their depth, so that all pieces of a pipeline meet the same levels in the same order.

#include "interconnect/collective/tree_schedule.h"

#include "interconnect/collective/concurrent_schedule.h"
#include "interconnect/collective/pipelined_schedule.h"
#include "sim/error/error.h"

#include <algorithm>

namespace myriad {

namespace {

constexpr int kChannelsMax = 8;

// Parent of place `v` in the in-order binary tree over the places 0 .. n-1 whose root is 0: odd places are leaves, and
// the height of a place is the number of its trailing zeros.
int in_order_parent(int v, int n) {
    if (v == 0) {
        return 0;
    }
    const int bit = v & -v;
    const int up = (v ^ bit) | (bit << 1);
    return up < n ? up : v ^ bit;
}

// The same for place `v` of the second tree: places 1 .. n-1 in another order.
int second_parent(int v, int n) {
    if (v == 0) {
        return 0;
    }
    const auto turned = [n](int place) { return n % 2 == 1 ? n - place : place == n - 1 ? 1 : place + 1; };
    const auto back = [n](int place) { return n % 2 == 1 ? n - place : place == 1 ? n - 1 : place - 1; };
    const int parent = in_order_parent(turned(v), n);
    return parent == 0 ? 0 : back(parent);
}

// Channel `channel` of a group of servers of `inside` ranks.
std::vector<int> parents_of(int ranks, int inside, int root, int channel, bool second) {
    const int servers = ranks / inside;
    const int root_server = root / inside;
    const int head = (root + channel) % inside;  // of every server but the root's
    std::vector<int> parents(static_cast<std::size_t>(ranks));
    for (int rank = 0; rank < ranks; ++rank) {
        const int server = rank / inside;
        const int place = (server - root_server + servers) % servers;
        const int first = server == root_server ? root % inside : head;
        int& parent = parents[static_cast<std::size_t>(rank)];
        if (rank % inside != first) {
            parent = server * inside + (rank % inside + inside - 1) % inside;
        } else if (server == root_server) {
            parent = rank;
        } else {
            const int above = second ? second_parent(place, servers) : in_order_parent(place, servers);
            parent = (above + root_server) % servers * inside + head;
        }
    }
    return parents;
}

}  // namespace

TreeSchedule::TreeSchedule(CollectiveOp op, const std::vector<int>& parents) : nodes_(parents.size()) {
    const auto at = [](int rank) { return static_cast<std::size_t>(rank); };
    int depth_max = 0;
    for (int rank = 0; rank < ranks(); ++rank) {
        Node& node = nodes_[at(rank)];
        node.parent = parents[at(rank)];
        for (int above = rank; parents[at(above)] != above; above = parents[at(above)]) {
            ++node.depth;
            MYRIAD_CHECK(node.depth < ranks(), "a tree has no cycle");
        }
        depth_max = std::max(depth_max, node.depth);
        if (node.depth > 0) {
            ++nodes_[at(node.parent)].child_count;
        }
    }
    int first = 0;
    for (Node& node : nodes_) {
        node.first_child = first;
        first += node.child_count;
        node.child_count = 0;
    }
    children_.resize(at(first));
    for (int rank = 0; rank < ranks(); ++rank) {
        if (nodes_[at(rank)].depth > 0) {
            Node& above = nodes_[at(nodes_[at(rank)].parent)];
            children_[at(above.first_child + above.child_count++)] = rank;
        }
    }
    MYRIAD_CHECK(op == CollectiveOp::all_reduce || op == CollectiveOp::reduce || op == CollectiveOp::broadcast,
                 "a tree reduces, broadcasts or both");
    up_ = op == CollectiveOp::broadcast ? 0 : depth_max;
    down_ = op == CollectiveOp::reduce ? 0 : depth_max;
}

void TreeSchedule::sends(int rank, int step, std::vector<Transfer>& out) const {
    out.clear();
    const Node& node = nodes_[static_cast<std::size_t>(rank)];
    if (step < up_) {
        if (node.depth > 0 && node.depth == up_ - step) {
            out.push_back({node.parent, 0, 1, true});
        }
    } else if (node.depth == step - up_) {
        for (int child = 0; child < node.child_count; ++child) {
            out.push_back({children_[static_cast<std::size_t>(node.first_child + child)], 0, 1, false});
        }
    }
}

int TreeSchedule::receives(int rank, int step) const {
    const Node& node = nodes_[static_cast<std::size_t>(rank)];
    if (step < up_) {
        return node.depth + 1 == up_ - step ? node.child_count : 0;
    }
    return node.depth > 0 && node.depth - 1 == step - up_ ? 1 : 0;
}

std::unique_ptr<Schedule> double_binary_tree(CollectiveOp op, int ranks, int inside, int root, Bytes size) {
    MYRIAD_CHECK(inside >= 1 && ranks % inside == 0, "servers of equally many ranks");
    const int channels = std::min(inside, kChannelsMax);
    std::vector<std::unique_ptr<Schedule>> trees;
    for (int channel = 0; channel < channels; ++channel) {
        for (const bool second : {false, true}) {
            trees.push_back(std::make_unique<TreeSchedule>(op, parents_of(ranks, inside, root, channel, second)));
        }
    }
    return std::make_unique<PipelinedSchedule>(std::make_unique<ConcurrentSchedule>(std::move(trees)),
                                               PipelinedSchedule::pieces_for(size));
}

}  // namespace myriad
