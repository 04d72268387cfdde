from . import chassis, part_number, vehicle_name, vin, year_range
