// An iteration on a network of fixed times, so that its own rules show: what waits for what.

#include "workloads/iteration/iteration.h"

#include <catch2/catch.hpp>

using namespace myriad;

namespace {

// Every all-reduce of a group takes `tensor` or `data` from the entry of its last rank, one after the other.
class FixedNetwork final : public Network, private AgendaClient {
public:
    FixedNetwork(Agenda& agenda, Picoseconds tensor, Picoseconds data) : agenda_(agenda), tensor_(tensor), data_(data) {
        agenda.enroll(ComponentId{0}, *this);
    }
    CommunicatorId create_communicator(CommunicatorSpec spec) override {
        groups_.push_back({spec.dimension == "tp" ? tensor_ : data_, spec.cards.size(), {}, {}});
        return CommunicatorId{static_cast<std::uint32_t>(groups_.size() - 1)};
    }
    void collective(CommunicatorId id, int, const CollectiveCall&, Completion done) override {
        Group& group = groups_[static_cast<std::size_t>(id)];
        group.entered.push_back(done);
        if (group.entered.size() % group.ranks == 0) {
            group.free = std::max(group.free, agenda_.now()) + group.time;
            agenda_.schedule(group.free, Phase::deliver, ComponentId{0}, ComponentId{0},
                             static_cast<std::uint64_t>(id));
        }
    }
    void send(CardId, CardId, Bytes, std::uint64_t, Completion) override {}
    void receive(CardId, CardId, std::uint64_t, Completion) override {}

private:
    struct Group {
        Picoseconds time{};
        std::size_t ranks = 0;
        std::vector<Completion> entered;
        TimePoint free;
    };
    void on_agenda(const AgendaRecord& record) override {
        Group& group = groups_[record.payload];
        const std::vector<Completion> done(group.entered.begin(),
                                           group.entered.begin() + static_cast<std::ptrdiff_t>(group.ranks));
        group.entered.erase(group.entered.begin(), group.entered.begin() + static_cast<std::ptrdiff_t>(group.ranks));
        for (const Completion& completion : done) {
            completion();
        }
    }
    Agenda& agenda_;
    Picoseconds tensor_;
    Picoseconds data_;
    std::vector<Group> groups_;
};

IterationResult run(bool overlap, Picoseconds data) {
    Agenda agenda;
    FixedNetwork network(agenda, us(1), data);
    IterationSpec spec;
    spec.layers = 3;
    spec.blocks = 2;
    spec.forward_compute = us(10);
    spec.backward_compute = us(20);
    spec.tensor_parallel = 2;
    spec.data_parallel = 2;
    spec.tensor_size = Bytes{1};
    spec.data_size = Bytes{1};
    spec.overlap_gradient_reduction = overlap;
    Iteration iteration(spec, network, agenda, ComponentId{1});
    iteration.start();
    agenda.run();
    REQUIRE(iteration.finished());
    return iteration.result();
}

}  // namespace

// Forward 6 x (10 + 1) us, backward 6 x (20 + 1) us: 192 us, of which 180 us are compute and 12 us exposed tensor.
TEST_CASE("gradients that take less than a layer's backward show once, after the last") {
    const IterationResult result = run(true, us(5));
    CHECK(result.time == us(197));
    CHECK(result.compute == us(180));
    CHECK(result.tensor_exposed == us(12));
    CHECK(result.data_exposed == us(5));
    CHECK(result.collectives == 4 * (12 + 3));
}

TEST_CASE("gradients that take longer queue behind one another") {
    // The first are there at 66 + 42 us and take 100 us each.
    CHECK(run(true, us(100)).time == us(66 + 42 + 300));
}

TEST_CASE("without overlap each layer waits for its own") {
    const IterationResult result = run(false, us(5));
    CHECK(result.time == us(192 + 15));
    CHECK(result.data_exposed == us(15));
}
