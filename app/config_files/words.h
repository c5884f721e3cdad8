#pragma once
// Words of the configuration files and what they mean: one table an enumeration, used by the schemas (documentation,
// did-you-mean) and by the readers (value).

#include "app/scenario/scenario.h"
#include "interconnect/network.h"
#include "interconnect/topology/config.h"
#include "models/hbm/hbm_timing.h"
#include "sim/config/schema.h"
#include "workloads/llm/model_config.h"
#include "workloads/training/plan.h"

namespace myriad {

inline constexpr Word<WiringRecipe> kWiringWords[] = {
    {"full_mesh", WiringRecipe::full_mesh, "every pair of cards"},
    {"ring", WiringRecipe::ring, "neighbours, last to first too"},
    {"line", WiringRecipe::line, "neighbours"},
    {"mesh", WiringRecipe::mesh, "neighbours along each dimension of `sizes`"},
    {"torus", WiringRecipe::torus, "the same, wrapping around (`wrap`, `wrap_multiple`, `twisted`)"},
    {"hypercube", WiringRecipe::hypercube, "cards whose numbers differ in one bit"},
    {"hyperx", WiringRecipe::hyperx, "every pair along each dimension of `sizes`"},
    {"dragonfly", WiringRecipe::dragonfly, "full meshes of `group_size`, each card `global_links` to other groups"},
    {"icn_switch", WiringRecipe::icn_switch, "every card to `switches` non-blocking switches, links dealt over them"},
    {"nvswitch", WiringRecipe::icn_switch, "icn_switch by another name"},
    {"switch_planes", WiringRecipe::switch_planes, "planes of two switch levels that nothing joins (CloudMatrix384)"},
    {"product", WiringRecipe::product, "Cartesian graph product of `factors`, first factor innermost"},
    {"separate", WiringRecipe::separate, "no links: a factor that stands for copies beside one another"},
    {"overlay", WiringRecipe::overlay, "links of all `factors` over the same cards"},
    {"matched_quads", WiringRecipe::matched_quads, "eight cards: two full quads and a perfect matching (K4 x K2)"},
    {"edges", WiringRecipe::edges, "the links that `edges` lists"},
};

inline constexpr Word<LinkBudget> kLinkBudgetWords[] = {
    {"fixed", LinkBudget::fixed, "each link has the chip's bandwidth, unused links stay dark"},
    {"divided", LinkBudget::divided, "the chip's total is divided over the links that the wiring uses"},
};

inline constexpr Word<FabricRecipe> kFabricWords[] = {
    {"one_switch", FabricRecipe::one_switch, "every NIC port into one non-blocking switch"},
    {"clos2", FabricRecipe::clos2, "leaves and spines"},
    {"hpn7", FabricRecipe::hpn7, "Alibaba HPN 7.0: dual-ToR, dual-plane, rails"},
};

inline constexpr Word<FabricRouting> kFabricRoutingWords[] = {
    {"ecmp", FabricRouting::ecmp, "one path a plane, by a hash of source, destination and seed"},
    {"spread", FabricRouting::spread, "one path a plane, flows dealt evenly over the up-links by destination"},
};

inline constexpr Word<HbmRefresh> kHbmRefreshWords[] = {
    {"none", HbmRefresh::none, "never"},
    {"all_bank", HbmRefresh::all_bank, "every bank of a pseudo channel at once"},
    {"per_bank", HbmRefresh::per_bank, "one bank after the other"},
    {"per_bank_stall", HbmRefresh::per_bank_stall, "the same, but nothing is served while a refresh waits"},
};

inline constexpr Word<HbmAddressMap> kHbmAddressMapWords[] = {
    {"reference", HbmAddressMap::reference, "64 B a pseudo channel; bank groups below columns, banks above them"},
    {"channel_256", HbmAddressMap::channel_256, "256 B a pseudo channel, else as reference"},
    {"row_linear", HbmAddressMap::row_linear, "64 B a channel, then a whole row of one bank"},
    {"banks_low", HbmAddressMap::banks_low, "64 B a pseudo channel; bank groups and banks below columns"},
    {"burst_interleave", HbmAddressMap::burst_interleave, "32 B a pseudo channel and bank group, else as reference"},
};

inline constexpr Word<Activation> kActivationWords[] = {
    {"silu_gated", Activation::silu_gated, "SwiGLU: gate, up and down matrices"},
    {"gelu", Activation::gelu, "two matrices"},
};

inline constexpr Word<Normalisation> kNormalisationWords[] = {
    {"rms", Normalisation::rms, "one weight a channel"},
    {"layer", Normalisation::layer, "weight and bias a channel"},
};

inline constexpr Word<NetworkLevel> kNetworkLevelWords[] = {
    {"packet", NetworkLevel::packet, "every packet hop an event"},
    {"flow", NetworkLevel::flow, "every message a fluid, max-min fair over the links of its routes"},
    {"analytic", NetworkLevel::analytic, "closed form per collective over the actual paths"},
};

inline constexpr Word<CardLevel> kCardLevelWords[] = {
    {"roofline", CardLevel::roofline, "operator time from peak, bandwidth and launch cost"},
    {"tile", CardLevel::tile, "every distinct kernel simulated once, tile by tile, on cores, cache and HBM banks"},
    {"live", CardLevel::live, "every core, cache slice, HBM channel and link a module; one server, workload overlap"},
};

enum class InterferenceWord : std::uint8_t { automatic, on, off };
inline constexpr Word<InterferenceWord> kInterferenceWords[] = {
    {"automatic", InterferenceWord::automatic, "on at card level tile, off at roofline"},
    {"on", InterferenceWord::on, "kernels and communication of a card share its HBM and its cores"},
    {"off", InterferenceWord::off, "communication takes nothing from kernels"},
};

inline constexpr Word<Recompute> kRecomputeWords[] = {
    {"none", Recompute::none, "every activation is kept"},
    {"selective", Recompute::selective, "what is large and cheap is computed again"},
    {"full", Recompute::full, "only a layer's input is kept; backward runs the layer's forward again"},
};

inline constexpr Word<PipelineSchedule> kScheduleWords[] = {
    {"1f1b", PipelineSchedule::one_forward_one_backward, "one forward, one backward in turn"},
    {"gpipe", PipelineSchedule::gpipe, "all forwards, then all backwards"},
};

inline constexpr Word<AttentionKernel> kAttentionWords[] = {
    {"flash", AttentionKernel::flash, "fused and causal"},
    {"unfused", AttentionKernel::unfused, "batched GEMM, softmax, batched GEMM over all pairs"},
};

inline constexpr Word<DataType> kTrainingTypeWords[] = {
    {"bf16", DataType::bf16, "bfloat16"},
    {"fp16", DataType::fp16, "IEEE half"},
};

inline constexpr Word<DataType> kGemmTypeWords[] = {
    {"bf16", DataType::bf16, "bfloat16"}, {"fp16", DataType::fp16, "IEEE half"},
    {"tf32", DataType::tf32, "19 bits"},  {"fp32", DataType::fp32, "IEEE single"},
    {"fp8", DataType::fp8, "8 bits"},     {"int8", DataType::int8, "integers"},
};

inline constexpr Word<bool> kCopyDirectionWords[] = {
    {"read", true, "the card that the bytes go to loads them"},
    {"write", false, "the card that has the bytes stores them"},
};

inline constexpr Word<std::int64_t> kGradientTypeWords[] = {
    {"fp32", 4, "accumulated and reduced in 4 bytes"},
    {"bf16", 2, "accumulated and reduced in 2 bytes"},
};

inline constexpr Word<CollectiveOp> kCollectiveOpWords[] = {
    {"all_reduce", CollectiveOp::all_reduce, "every rank ends with the sum of all buffers"},
    {"all_gather", CollectiveOp::all_gather, "every rank ends with the parts of all ranks"},
    {"reduce_scatter", CollectiveOp::reduce_scatter, "every rank ends with its part of the sum"},
    {"all_to_all", CollectiveOp::all_to_all, "every rank sends another part to every rank"},
    {"broadcast", CollectiveOp::broadcast, "every rank ends with the root's buffer"},
};

inline constexpr Word<TrafficPattern> kTrafficPatternWords[] = {
    {"permutation", TrafficPattern::permutation, "each card to one other, at random, each receives from one"},
    {"shift", TrafficPattern::shift, "each card to the one `shift` places on"},
    {"incast", TrafficPattern::incast, "all others to the first card"},
    {"all_to_all", TrafficPattern::all_to_all, "each card to every other, its next neighbour first"},
    {"random", TrafficPattern::random, "`flows` flows, each between two cards at random"},
    {"hotspot", TrafficPattern::hotspot, "likewise, but a share of them goes to the first card"},
};

inline constexpr Word<SizeDistribution> kSizeDistributionWords[] = {
    {"fixed", SizeDistribution::fixed, "all alike"},
    {"uniform", SizeDistribution::uniform, "from 1 B to twice the mean"},
    {"exponential", SizeDistribution::exponential, "many small, few large"},
};

inline constexpr Word<CollectiveAlgorithm> kCollectiveAlgorithmWords[] = {
    {"automatic", CollectiveAlgorithm::automatic, "as a communication library would pick"},
    {"ring", CollectiveAlgorithm::ring, "around a ring of all ranks"},
    {"direct", CollectiveAlgorithm::direct, "every pair at once"},
    {"halving_doubling", CollectiveAlgorithm::halving_doubling, "recursive halving and doubling"},
    {"hierarchical", CollectiveAlgorithm::hierarchical, "level by level of the hierarchy, innermost first"},
};

}  // namespace myriad
