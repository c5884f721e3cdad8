#pragma once
// Collectives of one rank one after the other, beside its program: gradient buckets, weights gathered ahead. Internal to
// training/.

#include "interconnect/network.h"
#include "models/card.h"
#include "sim/time/agenda.h"
#include "workloads/llm/operator.h"

#include <cstdint>
#include <deque>
#include <string_view>

namespace myriad {

// A rank's seat in a group.
struct Member {
    CommunicatorId id{};
    int index = -1;          // -1: the group has one rank, or there is none
    std::uint16_t seat = 0;  // numbers a rank's groups
    [[nodiscard]] bool alone() const { return index < 0; }
};

class StreamOwner {
public:
    virtual void stream_begins(const Member& member) = 0;
    // `label` has run from `start` until now. May run the program on.
    virtual void stream_ends(const Member& member, GroupKind group, std::string_view label, TimePoint start) = 0;

protected:
    ~StreamOwner() = default;
};

class CollectiveStream {
public:
    CollectiveStream(StreamOwner& owner, Network& network, Card& card, const Agenda& agenda, GroupKind group,
                     Member member)
        : owner_(owner), network_(network), card_(card), agenda_(agenda), group_(group), member_(member) {}
    CollectiveStream(const CollectiveStream&) = delete;
    CollectiveStream& operator=(const CollectiveStream&) = delete;
    ~CollectiveStream() = default;

    void push(const CollectiveCall& call, std::string_view label) {
        waiting_.push_back({call, label});
        if (!running_ && !held_) {
            start_next();
        }
    }
    // What is pushed from now on waits until release().
    void hold() { held_ = true; }
    void release() {
        held_ = false;
        if (!running_) {
            start_next();
        }
    }
    [[nodiscard]] std::int64_t finished() const { return finished_; }
    [[nodiscard]] Member member() const { return member_; }

private:
    struct Item {
        CollectiveCall call;
        std::string_view label;
    };
    void start_next() {
        if (waiting_.empty()) {
            return;
        }
        running_ = true;
        start_ = agenda_.now();
        const Item& item = waiting_.front();
        owner_.stream_begins(member_);
        card_.begin_collective();
        network_.collective(member_.id, member_.index, item.call, {&CollectiveStream::done, this, 0});
    }
    static void done(void* context, std::uint64_t /*argument*/) {
        auto& self = *static_cast<CollectiveStream*>(context);
        self.running_ = false;
        self.card_.end_collective();
        const std::string_view label = self.waiting_.front().label;
        const TimePoint start = self.start_;
        self.waiting_.pop_front();
        ++self.finished_;
        if (!self.held_) {
            self.start_next();
        }
        self.owner_.stream_ends(self.member_, self.group_, label, start);  // last: may run the program on
    }

    StreamOwner& owner_;
    Network& network_;
    Card& card_;
    const Agenda& agenda_;
    GroupKind group_;
    Member member_;
    std::deque<Item> waiting_;  // the front one runs
    bool running_ = false;
    bool held_ = false;
    TimePoint start_{};
    std::int64_t finished_ = 0;
};

}  // namespace myriad
