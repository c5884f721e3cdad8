#pragma once
// Programs for every card of a cluster, and a machine that runs them: all of them on the flow level, or those of
// representatives on a folded one. Notes when each operation of each card ends.

#include "app/system/flow_system.h"
#include "app/system/folded_system.h"

#include <cstdint>
#include <vector>

namespace myriad::test {

struct Operation {
    enum class Kind : std::uint8_t { compute, call, begin_call, send, receive, join };
    Kind kind = Kind::compute;
    Picoseconds time{};           // compute
    std::uint32_t group = 0;      // calls: number in Script::groups
    CollectiveCall collective{};  // calls
    CardId peer{};                // send, receive
    Bytes size{};                 // send
    std::uint64_t tag = 0;        // send, receive
    std::uint64_t relation = 0;   // send: its kind, as will_send wants it
};

// What all cards do. Operations wait for their end, but for begin_call and send, which join waits for.
struct Script {
    std::vector<CommunicatorSpec> groups;
    std::vector<std::vector<Operation>> operations;  // by card
    std::vector<std::uint32_t> program_of_card;
};

class ScriptMachine final : private AgendaClient {
public:
    // `ends`: by card and operation; zero where the card does not run.
    ScriptMachine(const Script& script, Network& network, Agenda& agenda, ComponentId self)
        : script_(script), network_(network), agenda_(agenda), self_(self), states_(script.operations.size()) {
        agenda.enroll(self, *this);
        for (const auto& operations : script.operations) {
            ends.emplace_back(operations.size());
        }
    }

    void create_groups() {
        for (const CommunicatorSpec& spec : script_.groups) {
            groups_.push_back(network_.create_communicator(spec));
        }
    }
    void announce(FoldableNetwork& network) const {
        for (std::uint32_t card = 0; card < script_.operations.size(); ++card) {
            for (const Operation& operation : script_.operations[card]) {
                if (operation.kind == Operation::Kind::call || operation.kind == Operation::Kind::begin_call) {
                    network.will_call(groups_[operation.group], operation.collective);
                } else if (operation.kind == Operation::Kind::send) {
                    network.will_send(CardId{card}, operation.peer, operation.size, operation.relation);
                }
            }
        }
    }
    void start(CardId card) { go_on(index(card)); }
    [[nodiscard]] bool finished(CardId card) const {
        return states_[index(card)].next == script_.operations[index(card)].size() &&
               states_[index(card)].under_way == 0;
    }

    std::vector<std::vector<TimePoint>> ends;

private:
    struct State {
        std::size_t next = 0;
        int under_way = 0;
        bool joins = false;
    };

    Completion expect(std::uint32_t card, void (*done)(void*, std::uint64_t)) {
        return {done, this, std::uint64_t{card} << 32 | states_[card].next};
    }
    static void ended(void* self, std::uint64_t what) {
        auto& machine = *static_cast<ScriptMachine*>(self);
        machine.note(what);
        const auto card = static_cast<std::uint32_t>(what >> 32);
        ++machine.states_[card].next;
        machine.go_on(card);
    }
    static void ended_beside(void* self, std::uint64_t what) {
        auto& machine = *static_cast<ScriptMachine*>(self);
        machine.note(what);
        const auto card = static_cast<std::uint32_t>(what >> 32);
        State& state = machine.states_[card];
        if (--state.under_way == 0 && state.joins) {
            state.joins = false;
            machine.ends[card][state.next++] = machine.agenda_.now();
            machine.go_on(card);
        }
    }
    void note(std::uint64_t what) { ends[what >> 32][what & 0xFFFF'FFFF] = agenda_.now(); }
    void on_agenda(const AgendaRecord& record) override { ended(this, record.payload); }

    [[nodiscard]] int rank_of(std::uint32_t group, std::uint32_t card) const {
        const auto& cards = script_.groups[group].cards;
        return static_cast<int>(std::find(cards.begin(), cards.end(), CardId{card}) - cards.begin());
    }

    // Runs the card up to its next wait.
    void go_on(std::uint32_t card) {
        State& state = states_[card];
        const std::vector<Operation>& operations = script_.operations[card];
        while (state.next < operations.size()) {
            const Operation& now = operations[state.next];
            switch (now.kind) {
                case Operation::Kind::compute:
                    agenda_.schedule(agenda_.now() + now.time, Phase::deliver, self_, self_,
                                     std::uint64_t{card} << 32 | state.next);
                    return;
                case Operation::Kind::call:
                    network_.collective(groups_[now.group], rank_of(now.group, card), now.collective,
                                        expect(card, &ScriptMachine::ended));
                    return;
                case Operation::Kind::receive:
                    network_.receive(CardId{card}, now.peer, now.tag, expect(card, &ScriptMachine::ended));
                    return;
                case Operation::Kind::begin_call:
                    ++state.under_way;
                    network_.collective(groups_[now.group], rank_of(now.group, card), now.collective,
                                        expect(card, &ScriptMachine::ended_beside));
                    break;
                case Operation::Kind::send:
                    ++state.under_way;
                    network_.send(CardId{card}, now.peer, now.size, now.tag,
                                  expect(card, &ScriptMachine::ended_beside));
                    break;
                case Operation::Kind::join:
                    if (state.under_way > 0) {
                        state.joins = true;
                        return;
                    }
                    ends[card][state.next] = agenda_.now();
                    break;
            }
            ++state.next;
        }
    }

    const Script& script_;
    Network& network_;
    Agenda& agenda_;
    ComponentId self_;
    std::vector<CommunicatorId> groups_;
    std::vector<State> states_;
};

// What a run came to, for comparison.
struct ScriptRun {
    std::vector<std::vector<TimePoint>> ends;  // by card and operation
    bool finished = true;
    Folding folding;
    NetworkCounters counters;
    std::vector<Bytes> link_bytes;
    std::vector<std::string> held;  // laws
};

inline void finish(ScriptRun& run, const ScriptMachine& machine, Platform& platform, const std::vector<CardId>& cards) {
    platform.elaborate();
    platform.run();
    run.ends = machine.ends;
    for (const CardId card : cards) {
        run.finished = run.finished && machine.finished(card);
    }
    run.counters = platform.counters();
    run.link_bytes.resize(2 * platform.topology().edges.size());
    for (const LinkUse& use : platform.link_use()) {
        run.link_bytes[2 * index(use.way.edge) + use.way.direction] = use.bytes;
    }
    platform.check_laws(run.held);
}

inline ScriptRun run_whole(const Script& script, const ClusterConfig& cluster, const ChipConfig& chip,
                           const CollectiveLibrary& library = {}) {
    FlowSystem system(cluster, chip, false, {}, library);
    ScriptMachine machine(script, system.network(), system.agenda(), ComponentId{system.first_free_component()});
    machine.create_groups();
    std::vector<CardId> cards;
    for (std::uint32_t card = 0; card < script.operations.size(); ++card) {
        cards.push_back(CardId{card});
        machine.start(CardId{card});
    }
    ScriptRun run;
    finish(run, machine, system, cards);
    return run;
}

inline ScriptRun run_folded(const Script& script, const ClusterConfig& cluster, const ChipConfig& chip,
                            const CollectiveLibrary& library = {}) {
    FoldedSystem system(cluster, chip, false, {}, library);
    ScriptMachine machine(script, system.network(), system.agenda(), ComponentId{system.first_free_component()});
    machine.create_groups();
    machine.announce(system.network());
    ScriptRun run;
    run.folding = system.fold(script.program_of_card);
    for (const CardId card : run.folding.representatives) {
        machine.start(card);
    }
    finish(run, machine, system, run.folding.representatives);
    return run;
}

// Largest difference of an operation of any card between it and its representative, in picoseconds.
inline std::int64_t largest_difference(const ScriptRun& whole, const ScriptRun& folded) {
    std::int64_t most = 0;
    for (std::size_t card = 0; card < whole.ends.size(); ++card) {
        const CardId representative = folded.folding.representatives[folded.folding.class_of[card]];
        for (std::size_t i = 0; i < whole.ends[card].size(); ++i) {
            const auto difference = whole.ends[card][i] - folded.ends[index(representative)][i];
            most = std::max<std::int64_t>(most, std::abs(difference.count()));
        }
    }
    return most;
}

}  // namespace myriad::test
