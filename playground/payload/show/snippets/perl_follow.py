"""Launch, wait, read the results: Perl with nothing to install, a reader of JSON included."""

from __future__ import annotations

from playground.payload.show.snippets import perl
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = r"""
# «remark»
use strict;
use warnings;
use HTTP::Tiny;

$| = 1;
my $base_url = '«base_url»';
my %is_final = map { $_ => 1 } «final»;
my %is_success = map { $_ => 1 } «success»;
«payload»
my $http = HTTP::Tiny->new(verify_SSL => 1);
my %signs = (b => "\b", f => "\f", n => "\n", r => "\r", t => "\t");

sub call {
    my ($method, $url, $body) = @_;
    my %headers = (
        '«auth»' => "«scheme»$ENV{«key»}",
        '«project_header»' => $ENV{«project»},
        'Content-Type' => 'application/json',
    );
    while (1) {
        my %sent = (headers => \%headers, defined $body ? (content => $body) : ());
        my $response = $http->request($method, $url, \%sent);
        return members($response->{content}) if $response->{success};
        die "$response->{status}: $response->{content}\n" if $response->{status} != 429;
        my $wait = $response->{headers}{'retry-after'} // '';
        sleep($wait !~ /^[1-9][0-9]{0,5}$/ ? 10 : $wait < 3600 ? $wait : 3600);
    }
}

# The parts of an object or an array as they are written; names and values by turns. A module
# would forget the order of the columns, and round numbers of many digits.
sub parts {
    my ($text) = @_;
    my ($depth, $begin, @found) = (0, 0);
    while ($text =~ /(["\[\]{},:])/g) {
        my ($sign, $is_end) = ($1, 0);
        if ($sign eq '"') {
            while ($text =~ /(\\.|")/gs) { last if $1 eq '"' }
        } elsif ($sign =~ /[\[{]/) {
            $begin = pos $text if !$depth++;
        } elsif ($sign =~ /[\]}]/) {
            $is_end = !--$depth;
        } else {
            $is_end = $depth == 1;
        }
        next if !$is_end;
        my $part = substr $text, $begin, pos($text) - 1 - $begin;
        $part =~ s/^\s+|\s+$//g;
        push @found, $part if length $part;
        $begin = pos $text;
    }
    return @found;
}

sub names { my $at = 0; return map { text($_) } grep { !($at++ % 2) } parts(@_) }

sub members {
    my @parts = parts(@_);
    my %found;
    while (my ($name, $part) = splice @parts, 0, 2) { $found{text($name)} = $part }
    return \%found;
}

sub text {
    my ($part) = @_;
    return '' if !defined $part || $part eq 'null';
    return $part if $part !~ /^"/;
    my $text = substr $part, 1, -1;
    $text =~ s/\\(?:u([dD][89abAB]..)\\u([dD][c-fC-F]..)|u(....)|(.))/meant($1, $2, $3, $4)/gse;
    return $text;
}

sub meant {
    my ($high, $low, $code, $sign) = @_;
    return $signs{$sign} // $sign if defined $sign;
    my $number = hex($code // $high);
    $number = 0x10000 + ($number - 0xd800) * 0x400 + hex($low) - 0xdc00 if defined $low;
    my $letter = chr($number >= 0xd800 && $number < 0xe000 ? 0xfffd : $number);
    utf8::encode($letter);
    return $letter;
}

sub cell {
    my ($text) = @_;
    return $text if $text !~ /[",\r\n]/;
    $text =~ s/"/""/g;
    return "\"$text\"";
}

my $launched = call('«method»', '«url»', $payload);
my $job = "$base_url/jobs/" . text($launched->{job_uid});
my ($status, $pause) = ('', 1);
until ($is_final{$status}) {
    sleep $pause;
    $pause = $pause < 15 ? $pause * 2 : 30;
    $status = text(call('GET', $job)->{status});
    print "$status\n";
}

my (@rows, @columns, %is_known);
for (my ($page, $has_next) = (1, 1); $has_next; $page++) {
    my $answer = call('GET', "$job/results?page=$page");
    for my $row (parts($answer->{results} // '')) {
        push @columns, grep { !$is_known{$_}++ } names($row);
        push @rows, members($row);
    }
    $has_next = (members($answer->{paging} // '')->{have_next_page} // '') eq 'true';
}

open my $csv, '>:raw', 'results.csv' or die "results.csv: $!";
print $csv join(',', map { cell($_) } @columns), "\r\n";
for my $row (@rows) {
    print $csv join(',', map { cell(text($row->{$_})) } @columns), "\r\n";
}
close $csv or die "results.csv: $!";
print scalar(@rows), " rows in results.csv\n";
exit($is_success{$status} ? 0 : 1);
"""


def write(call: Call) -> str:
    return fill(_TEMPLATE, call, payload=perl.payload(call))


TARGET = Target(
    name="perl-follow",
    language="Perl",
    title="HTTP::Tiny: launch, wait, results",
    file_name="follow.pl",
    write=write,
    flavour="follow",
)
