//! `symphony metrics`: the numbers of all running servers, for Prometheus.

use std::fmt;
use std::path::Path;

use anyhow::Context as _;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use super::say;
use crate::metrics::{Numbers, Sort, read_all};

/// Prints the numbers of the servers that use a cache directory.
pub(crate) fn run(cache: Option<&Path>) -> anyhow::Result<()> {
    let cache =
        cache.context("there is no cache directory through which servers tell their numbers")?;
    let mut registry = Registry::default();
    registry.register_collector(Box::new(AllNumbers(read_all(cache))));
    let mut text = String::new();
    encode(&mut text, &registry)?;
    say(&text)
}

#[derive(Debug)]
struct AllNumbers(Vec<Numbers>);

impl Collector for AllNumbers {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        // All processes are of one build or have told what they could: the first names the families.
        let Some(first) = self.0.first() else {
            return Ok(());
        };
        for family in &first.families {
            let sort = match family.sort {
                Sort::Counter => MetricType::Counter,
                Sort::Gauge => MetricType::Gauge,
            };
            let mut metric = encoder.encode_descriptor(&family.name, &family.help, None, sort)?;
            for numbers in &self.0 {
                let same = numbers.families.iter().filter(|it| it.name == family.name);
                for sample in same.flat_map(|it| &it.samples) {
                    let mut labels = sample.labels.clone();
                    labels.push(("process".to_owned(), numbers.process.to_string()));
                    let one = metric.encode_family(&labels)?;
                    match family.sort {
                        Sort::Counter => ConstCounter::new(sample.value).encode(one)?,
                        Sort::Gauge => ConstGauge::new(sample.value).encode(one)?,
                    }
                }
            }
        }
        Ok(())
    }
}
