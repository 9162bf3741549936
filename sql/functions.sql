-- Functions that the tables are computed with. They stay in the release, so ad-hoc SQL may use them too.

-- The month of a publication date, null when only its year is known.
create macro month_of(published_date, published_precision) as
    case when published_precision in ('day', 'month') then date_trunc('month', published_date)::date end;

-- The bounds of the Wilson 95 % interval of k out of n. They never leave 0..1 and always hold k / n; null for n = 0.
create macro wilson_low(k, n) as case when k >= 0 and n > 0 then
    greatest(0::double, least(k::double / n,
        (k::double / n + 1.9207294103470738 / n
         - 1.959963984540054 * sqrt(k::double / n * (1 - k::double / n) / n + 0.9603647051735369 / n / n))
        / (1 + 3.8414588206941476 / n)))
    end;
create macro wilson_high(k, n) as case when k >= 0 and n > 0 then
    least(1::double, greatest(k::double / n,
        (k::double / n + 1.9207294103470738 / n
         + 1.959963984540054 * sqrt(k::double / n * (1 - k::double / n) / n + 0.9603647051735369 / n / n))
        / (1 + 3.8414588206941476 / n)))
    end;

-- A share that a correction must not carry beyond the whole; null stays null.
create macro at_most_one(share) as case when share > 1 then 1 else share end;

-- proposes > uses > mentions: the strongest of a paper's spans is the paper's role.
create macro role_strength(role) as
    case role when 'proposes' then 3 when 'uses' then 2 when 'mentions' then 1 end;

-- The chance that a standard normal is at least this far from zero, to seven digits (Chebyshev fit of erfc).
create macro two_sided_p(z) as (
    with fitted as (select abs(z)::double / sqrt(2::double) as x, 1 / (1 + abs(z)::double / sqrt(2::double) / 2) as t)
    select least(1::double, t * exp(-x * x - 1.26551223 + t * (1.00002368 + t * (0.37409196 + t * (0.09678418
        + t * (-0.18628806 + t * (0.27886807 + t * (-1.13520398 + t * (1.48851587
        + t * (-0.82215223 + t * 0.17087277))))))))))
    from fitted
);

-- Whole months from one month to another.
create macro months_between(earlier, later) as date_diff('month', earlier, later);
