"""Quality: each row's verdict by Great Expectations, in words that the agency can act on."""

from atips_analysis.quality.judgement import Judgement, judge
