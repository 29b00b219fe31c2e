//! Club chains: what packages cost by their plans, promo codes, and contracts.

mod plan;
mod shop;
