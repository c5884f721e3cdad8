// The agenda's delivery loop. Records of one instant are sorted by (phase, destination, source), stably, so that the
// order in which a source wrote is kept. In a symmetric workload an instant holds tens of thousands of records: they
// are sorted by radix and the next destinations are prefetched, because their state is spread over far more memory
// than the caches hold.

#include "sim/time/agenda.h"

#include "sim/error/error.h"

#include <algorithm>

namespace myriad {

namespace {

constexpr std::size_t kSmallBatch = 48;
// How many records ahead the destination is fetched, and its three stages of preparation are called.
constexpr std::size_t kFetchAhead = 14;
constexpr std::size_t kPrepareAhead[] = {10, 6, 3};

constexpr std::size_t kNearRecords = 128;

void fetch(const AgendaClient* client, const AgendaRecord& record) {
    const auto* bytes = reinterpret_cast<const std::byte*>(client);
    __builtin_prefetch(bytes);
    __builtin_prefetch(bytes + 64);
    __builtin_prefetch(reinterpret_cast<const void*>(record.payload));  // harmless where it is no address
}

bool by_key(const AgendaRecord& a, const AgendaRecord& b) { return a.key < b.key; }

// Least-significant-digit radix sort on the bytes of the key that differ at all.
void radix_sort(std::vector<AgendaRecord>& records, std::vector<AgendaRecord>& scratch) {
    std::uint64_t differing = 0;
    for (const AgendaRecord& record : records) {
        differing |= record.key ^ records.front().key;
    }
    scratch.resize(records.size());
    for (unsigned shift = 0; shift < 64; shift += 8) {
        if ((differing >> shift & 0xff) == 0) {
            continue;
        }
        std::array<std::size_t, 257> start{};
        for (const AgendaRecord& record : records) {
            ++start[(record.key >> shift & 0xff) + 1];
        }
        for (std::size_t digit = 0; digit < 256; ++digit) {
            start[digit + 1] += start[digit];
        }
        for (const AgendaRecord& record : records) {
            scratch[start[record.key >> shift & 0xff]++] = record;
        }
        records.swap(scratch);
    }
}

void order_batch(std::vector<AgendaRecord>& batch, std::vector<AgendaRecord>& scratch) {
    if (std::is_sorted(batch.begin(), batch.end(), by_key)) {
        return;
    }
    if (batch.size() <= kSmallBatch) {
        std::stable_sort(batch.begin(), batch.end(), by_key);
    } else {
        radix_sort(batch, scratch);
    }
}

}  // namespace

void Agenda::enroll(ComponentId id, AgendaClient& client) {
    const auto position = static_cast<std::size_t>(id);
    MYRIAD_CHECK(position < kIdLimit, "component id " + std::to_string(position) + " is out of range");
    if (clients_.size() <= position) {
        clients_.resize(position + 1, nullptr);
    }
    MYRIAD_CHECK(clients_[position] == nullptr, "component id " + std::to_string(position) + " is taken twice");
    clients_[position] = &client;
}

void Agenda::check_not_past(const AgendaRecord& record) const {
    MYRIAD_CHECK(record.time >= now_, "component " + std::to_string(record.source()) + " writes a record for " +
                                          std::to_string(record.time.time_since_epoch().count()) + " ps at " +
                                          std::to_string(now_.time_since_epoch().count()) + " ps");
}

void Agenda::deliver(std::vector<AgendaRecord>& batch) {
    order_batch(batch, scratch_);
    const std::size_t count = batch.size();
    for (std::size_t i = 0; i < count; ++i) {
        if (i + kFetchAhead < count) {
            const AgendaRecord& ahead = batch[i + kFetchAhead];
            fetch(clients_[ahead.destination()], ahead);
        }
        for (int stage = 0; stage < 3; ++stage) {
            if (i + kPrepareAhead[stage] < count) {
                const AgendaRecord& ahead = batch[i + kPrepareAhead[stage]];
                clients_[ahead.destination()]->prepare(ahead, stage);
            }
        }
        clients_[batch[i].destination()]->on_agenda(batch[i]);
    }
    pending_ -= count;
    delivered_ += count;
    batch.clear();
}

// Where instants hold few records, the look-ahead within one is of no use; what comes in the next few is prefetched when
// the heap moves it nearer, again stage by stage.
void Agenda::approach(const AgendaRecord& record, std::size_t count) {
    if (count > kNearRecords) {
        return;
    }
    AgendaClient* client = clients_[record.destination()];
    if (count > kNearRecords / 4) {
        fetch(client, record);
    } else if (count > kNearRecords / 16) {
        client->prepare(record, 0);
    } else {
        client->prepare(record, 1);
        client->prepare(record, 2);
    }
}

void Agenda::run_instant() {
    if (heap_.minimum() >= watch_at_) [[unlikely]] {
        watch_at_ = kNever;
        watcher_();
    }
    now_ = heap_.minimum();
    in_instant_ = true;
    std::uint64_t rounds = 0;
    heap_.pop_minimum([this](const AgendaRecord& record) { rounds_[record.phase()].push_back(record); },
                      [this](const AgendaRecord& record, std::size_t count) { approach(record, count); });
    for (std::size_t phase = 0; phase < std::size(rounds_);) {
        if (rounds_[phase].empty()) {
            ++phase;
            continue;
        }
        batch_.swap(rounds_[phase]);
        if (++rounds > kRoundsMax) {
            throw LawError("time moves on", "component " + std::to_string(batch_.front().destination()),
                           std::to_string(rounds) + " rounds of records at " +
                               std::to_string(now_.time_since_epoch().count()) + " ps");
        }
        deliver(batch_);
        phase = 0;  // an arbitration may have delivered something to this same instant
    }
    in_instant_ = false;
    if (delivered_ >= next_heartbeat_) {
        next_heartbeat_ = delivered_ + kHeartbeat;
        heartbeat_();
    }
}

void Agenda::run() {
    while (!empty()) {
        run_instant();
    }
}

}  // namespace myriad
