#pragma once
// The flow level of a network of which one of each class of cards is simulated (foldable_network.h), exact to the rounding
// of rates: messages of the network of classes over the links of the network of classes. Where nothing folds it is the flow
// level as it always is.

#include "interconnect/collective/message_network.h"
#include "interconnect/flow/flow_transport.h"
#include "interconnect/foldable_network.h"
#include "interconnect/folding/quotient.h"
#include "interconnect/folding/quotient_planner.h"
#include "interconnect/folding/refinement.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace myriad {

class FoldedNetwork final : public FoldableNetwork {
public:
    // More connections than this are not looked at.
    static constexpr std::size_t kConnectionsMax = std::size_t{1} << 24;

    struct Components {
        ComponentId transport{};
        ComponentId network{};
    };
    // Everything given must outlive the network. `obstacle`: what in the run changes routes or links, so that nothing may
    // be folded; empty: nothing.
    FoldedNetwork(const Topology& topology, Router& router, Agenda& agenda, const Components& components,
                  CollectiveLibrary library = {}, std::string obstacle = {});

    CommunicatorId create_communicator(CommunicatorSpec spec) override;
    void will_call(CommunicatorId communicator, const CollectiveCall& call) override;
    void will_send(CardId from, CardId to, Bytes size, std::uint64_t kind) override;
    const Folding& fold(std::span<const std::uint32_t> program_of_card) override;

    void collective(CommunicatorId communicator, int rank, const CollectiveCall& call, Completion done) override;
    void send(CardId from, CardId to, Bytes size, std::uint64_t tag, Completion done) override;
    void receive(CardId at, CardId from, std::uint64_t tag, Completion done) override;

    // The rest is for after fold().
    [[nodiscard]] const Folding& folding() const { return folding_; }
    [[nodiscard]] FlowTransport& transport() { return *transport_; }
    [[nodiscard]] const FlowTransport& transport() const { return *transport_; }
    [[nodiscard]] const std::vector<AlgorithmNote>& choices() const { return network_->choices(); }
    [[nodiscard]] AlgorithmChoice choice_of(CommunicatorId group, const CollectiveCall& call) {
        return model_.plan(group, call).choice;
    }
    // Of all cards, not only of the representatives.
    [[nodiscard]] Bytes payload() const { return quotient_ ? payload_ : network_->payload(); }
    [[nodiscard]] std::vector<Bytes> link_bytes() const;  // by directed link
    // FlowTransport::resource_bytes_at, by directed link.
    [[nodiscard]] std::vector<Bytes> link_bytes_at(TimePoint at, std::uint64_t& steps) const;
    [[nodiscard]] bool idle() const { return network_->idle(); }
    [[nodiscard]] std::string waiting_text() const { return network_->waiting_text(); }

    struct Sizes {
        int rounds = 0;  // of the refinement
        std::size_t connections = 0;
        std::size_t connection_classes = 0;
        std::size_t link_classes = 0;
        std::size_t group_classes = 0;
    };
    [[nodiscard]] const Sizes& sizes() const { return sizes_; }

private:
    struct Relation {
        CardId from{};
        CardId to{};
        std::int64_t size = 0;
        std::uint64_t kind = 0;
        auto operator<=>(const Relation&) const = default;
    };

    [[nodiscard]] std::string try_to_fold(std::span<const std::uint32_t> program_of_card);
    [[nodiscard]] std::string plan_groups();
    void add_groups(Refinement& refinement);
    void add_connections(Refinement& refinement, RouteBundles& bundles);
    void add_relations(Refinement& refinement, RouteBundles& bundles);
    [[nodiscard]] std::uint64_t group_colour(std::size_t group);
    [[nodiscard]] std::string why_stopped(const Refinement& refinement, Refinement::Outcome outcome) const;
    void build();
    void represent_all(std::span<const std::uint32_t> program_of_card);

    const Topology& topology_;
    Router& router_;
    Agenda& agenda_;
    Components components_;
    std::string obstacle_;
    ModelPlanner model_;
    std::vector<CommunicatorSpec> specs_;
    std::vector<std::vector<CollectiveCall>> calls_;  // by group
    std::vector<Relation> relations_;
    std::vector<FoldGroup> groups_;
    // By the schedules and sizes of a group's calls; looked up, never iterated.
    using CallList = std::vector<std::pair<const Schedule*, std::int64_t>>;
    std::map<std::pair<CallList, bool>, std::unique_ptr<CallPatterns>> patterns_;
    std::vector<const CallPatterns*> patterns_of_;  // by group
    std::int64_t uneven_calls_ = 0;
    std::unique_ptr<Quotient> quotient_;
    std::unique_ptr<FlowTransport> transport_;
    QuotientPlanner* planner_ = nullptr;  // the network's
    std::unique_ptr<MessageNetwork> network_;
    Folding folding_;
    Sizes sizes_;
    Bytes payload_;
};

}  // namespace myriad
