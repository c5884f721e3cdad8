#pragma once
// Where a card's on-chip network meets ICN. Going out, an access to another card becomes a request message (a read: a
// header; a write: its data); coming in, a request is done on this card's network, cache and HBM like a core's access,
// and its answer (a read: the data; a write: a header) goes back. Messages leave by the port bank, as the DMA's do.

#include "models/live/live_access.h"
#include "models/live/remote_access.h"
#include "models/live/transport_ends.h"
#include "models/ppu/port_bank.h"
#include "sim/time/agenda.h"

namespace myriad {

struct GatewayStats {
    Bytes asked_read;  // of other cards
    Bytes asked_written;
    Bytes served_read;  // for other cards
    Bytes served_written;
    std::int64_t accesses = 0;  // asked
    std::int64_t flags = 0;     // raised on other cards
};

class RemoteGateway final : public sc_core::sc_module,
                            public MessageSource,
                            private TransportTarget,
                            private TransportInitiator,
                            private AgendaClient {
public:
    static constexpr Bytes kHeader{32};  // a request without data, an acknowledgement
    static constexpr Bytes kFlag{64};    // a flag of a barrier: the least that memory keeps

    LiveTargetSocket outgoing;     // from the on-chip network
    LiveInitiatorSocket incoming;  // into it

    RemoteGateway(const sc_core::sc_module_name& name, Agenda& agenda, ComponentId self, CardId card, std::size_t input,
                  RemoteAccesses& accesses, RemoteMessages& messages, PortBank& ports);
    void listen(FlagListener& listener) { listener_ = &listener; }

    // Raises the flag `barrier` in the memory of another card.
    void raise(CardId on, std::uint64_t barrier);

    void on_request(RemoteAccesses::Number number);
    void on_answer(RemoteAccesses::Number number);
    void inject(Message& message, Arrival /*arrival*/) override { ports_.post(message); }

    [[nodiscard]] const GatewayStats& stats() const noexcept { return stats_; }

private:
    tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) override;
    void on_agenda(const AgendaRecord& record) override;

    Agenda& agenda_;
    ComponentId self_;
    CardId card_;
    std::size_t input_;
    RemoteAccesses& accesses_;
    RemoteMessages& messages_;
    PortBank& ports_;
    FlagListener* listener_ = nullptr;
    LivePayload access_;
    GatewayStats stats_;
};

}  // namespace myriad
