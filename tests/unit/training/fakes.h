#pragma once
// A card with typed-in kernel times and a network with typed-in latencies, on a real agenda.

#include "interconnect/network.h"
#include "models/card.h"
#include "sim/time/agenda.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace myriad::test {

// Calls a completion later.
class Later final : public AgendaClient {
public:
    Later(Agenda& agenda, ComponentId self) : agenda_(agenda), self_(self) { agenda.enroll(self, *this); }
    void at(TimePoint time, Completion done) {
        waiting_.push_back(done);
        agenda_.schedule(time, Phase::deliver, self_, self_, waiting_.size() - 1);
    }
    void after(Picoseconds delay, Completion done) { at(agenda_.now() + delay, done); }
    void on_agenda(const AgendaRecord& record) override { waiting_[record.payload](); }
    [[nodiscard]] TimePoint now() const { return agenda_.now(); }

private:
    Agenda& agenda_;
    ComponentId self_;
    std::vector<Completion> waiting_;
};

// Kernels in order, one at a time, each with the time that `time` gives it.
class FakeCard final : public Card {
public:
    using Time = std::function<Picoseconds(const Kernel&)>;
    FakeCard(Agenda& agenda, ComponentId self, Time time) : later_(agenda, self), time_(std::move(time)) {}

    void execute(const Kernel& kernel, Completion done) override {
        const TimePoint start = std::max(later_.now(), free_at_);
        free_at_ = start + time_(kernel);
        busy_ += time_(kernel);
        later_.at(free_at_, done);
    }
    void idle_until(TimePoint time, Completion done) override { later_.at(time, done); }
    Picoseconds duration(const Kernel& kernel) const override { return time_(kernel); }
    Bytes memory_capacity() const override { return capacity; }
    FlopPerSecond peak(DataType /*type*/) const override { return FlopPerSecond{1e15}; }
    [[nodiscard]] Picoseconds busy() const { return busy_; }

    Bytes capacity{std::int64_t{1} << 60};

private:
    Later later_;
    Time time_;
    TimePoint free_at_{};
    Picoseconds busy_{0};
};

// A collective ends `collective_time` after its last rank has entered; a message arrives `message_time` after it was
// sent. Nothing contends.
class FakeNetwork final : public Network {
public:
    FakeNetwork(Agenda& agenda, ComponentId self) : later_(agenda, self) {}

    std::map<std::string, Picoseconds> collective_time;  // by dimension
    Picoseconds message_time{0};
    std::uint64_t loses_from_tag = ~std::uint64_t{0};

    struct Record {
        std::string dimension;
        CollectiveOp op{};
        Bytes size;
    };
    std::vector<Record> collectives;  // each once, when complete
    std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>, std::pair<int, int>> messages;  // sent, received

    CommunicatorId create_communicator(CommunicatorSpec spec) override {
        groups_.push_back({std::move(spec), {}, {}});
        groups_.back().next.resize(groups_.back().spec.cards.size());
        return static_cast<CommunicatorId>(groups_.size() - 1);
    }

    void collective(CommunicatorId communicator, int rank, const CollectiveCall& call, Completion done) override {
        Group& group = groups_[static_cast<std::size_t>(communicator)];
        const std::size_t number = group.next[static_cast<std::size_t>(rank)]++;
        if (group.calls.size() <= number) {
            group.calls.resize(number + 1);
        }
        auto& entered = group.calls[number];
        entered.emplace_back(call, done);
        if (entered.front().first.op != call.op || entered.front().first.size != call.size) {
            mismatches.push_back(group.spec.name);
        }
        if (entered.size() == group.spec.cards.size()) {
            collectives.push_back({group.spec.dimension, call.op, call.size});
            for (const auto& [unused, completion] : entered) {
                later_.after(collective_time[group.spec.dimension], completion);
            }
        }
    }

    void send(CardId from, CardId to, Bytes /*size*/, std::uint64_t tag, Completion done) override {
        ++messages[{index(from), index(to), tag}].first;
        if (tag >= loses_from_tag) {
            return;
        }
        Letter& letter = letters_[{index(from), index(to), tag}];
        letter.arrives = later_.now() + message_time;
        letter.sent = true;
        later_.at(letter.arrives, done);
        deliver(letter);
    }
    void receive(CardId at, CardId from, std::uint64_t tag, Completion done) override {
        ++messages[{index(from), index(at), tag}].second;
        Letter& letter = letters_[{index(from), index(at), tag}];
        letter.done = done;
        letter.awaited = true;
        deliver(letter);
    }

    std::vector<std::string> mismatches;  // groups whose ranks entered different calls

private:
    struct Group {
        CommunicatorSpec spec;
        std::vector<std::size_t> next;  // by rank
        std::vector<std::vector<std::pair<CollectiveCall, Completion>>> calls;
    };
    struct Letter {
        TimePoint arrives{};
        Completion done;
        bool sent = false;
        bool awaited = false;
    };
    void deliver(Letter& letter) {
        if (letter.sent && letter.awaited) {
            later_.at(std::max(letter.arrives, later_.now()), letter.done);
        }
    }

    Later later_;
    std::vector<Group> groups_;
    std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>, Letter> letters_;
};

}  // namespace myriad::test
