//! The life of a contract: what the calendar brings, what people do, and ten years of payments.

mod desk;
mod life;
mod years;
