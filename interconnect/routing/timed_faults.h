#pragma once
// Links that change during a run: at each step tells the network what its links carry from then on, and, where routes
// follow, changes the topology and the router first and tells the network then.

#include "interconnect/routing/routes.h"
#include "interconnect/topology/link_steps.h"
#include "sim/time/agenda.h"

#include <vector>

namespace myriad {

// A level of the network whose links can change.
class ChangeableNetwork {
public:
    // Both directions of the link, from now on.
    virtual void set_link(const LinkState& state) = 0;
    // The router gives other routes from now on: what is bound to dead links has to move.
    virtual void routes_changed() = 0;

protected:
    ~ChangeableNetwork() = default;
};

class TimedFaults final : private AgendaClient {
public:
    // Enrolls itself in the agenda as `self`. Everything given must outlive it; `topology` is the router's.
    TimedFaults(Topology& topology, Router& router, Agenda& agenda, ComponentId self, std::vector<LinkStep> steps,
                ChangeableNetwork& network);

    // Writes the steps into the agenda; once, before the run.
    void start();

private:
    void on_agenda(const AgendaRecord& record) override;

    Topology& topology_;
    Router& router_;
    Agenda& agenda_;
    ComponentId self_;
    std::vector<LinkStep> steps_;
    ChangeableNetwork& network_;
};

}  // namespace myriad
