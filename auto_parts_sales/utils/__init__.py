from . import part_number, vin, year_range
